import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const row = (page: Page, of: string) => page.getByRole('row').filter({ hasText: of });
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const reason = (page: Page) => page.getByLabel('Reason');
const context = (page: Page, app: string) => page.getByRole('dialog').getByRole('article', { name: app });

/** Opens what is behind the status of a row. */
async function show(page: Page, of: string): Promise<void> {
  await row(page, of).getByRole('button', { name: 'show each app' }).click();
}

/** Answers the question that is open: gives the reason and says yes. */
async function confirm(page: Page, name: string | RegExp, why: string): Promise<void> {
  const asked = dialog(page, name);
  await reason(page).fill(why);
  await asked.locator('button[type=submit]').click();
  await expect(asked).toContainText('Done');
  await asked.getByRole('button', { name: 'Close' }).last().click();
  await expect(asked).toBeHidden();
}

test('an SMS code is unlocked in all apps at once, and the dialog says so first', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace', { phone: '+49 151 7654321' });
  const sms = await ada.authenticator('sms_otp');
  for (const app of ['Shop', 'Wallet', 'Desk'] as const) await ada.succeeds(sms, app);
  await ada.fails(sms, 'Shop', 3);
  await open(`/users/${ada.id}`, tenant, { role: 'support', subject: 'sam@help.example' });
  await row(page, 'SMS code').getByRole('button', { name: 'Unlock' }).click();
  await expect(dialog(page, 'Unlock SMS code')).toContainText(
    'Unlocks SMS code in all 3 apps: Desk, Shop and Wallet.',
  );
  expect(await ada.statuses('sms_otp'), 'nothing happened yet').toMatchObject({ Shop: 'locked' });
  await reason(page).fill('caller proved who she is');
  await dialog(page, 'Unlock SMS code').getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(dialog(page, 'Unlock SMS code').getByRole('listitem')).toHaveText([
    /Desk.*Locked.*Active/,
    /Shop.*Locked.*Active/,
    /Wallet.*Locked.*Active/,
  ]);
  await page.keyboard.press('Escape');
  await expect(row(page, 'SMS code')).toContainText('Active');
  expect(await ada.statuses('sms_otp')).toEqual({ Desk: 'active', Shop: 'active', Wallet: 'active' });
  expect(await ada.event('unlocked')).toEqual({
    actor: 'sam@help.example',
    reason: 'caller proved who she is',
  });
});

test('a PIN is unlocked on every device of the app, and the dialog names them', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const phone = await ada.device('Fairphone 6');
  const tablet = await ada.device('iPad', 'ios');
  for (const device of [phone, tablet]) {
    await ada.fails(await ada.register('pin', { app: 'Wallet', device }), 'Wallet', 5);
    await ada.register('pin', { app: 'Shop', device });
  }
  await open(`/users/${ada.id}`);
  await row(page, 'Fairphone 6').getByRole('button', { name: 'Unlock' }).click();
  await expect(dialog(page, 'Unlock PIN')).toContainText('Unlocks the PIN on 2 devices in Wallet');
  await expect(dialog(page, 'Unlock PIN')).toContainText(/Fairphone 6 and iPad|iPad and Fairphone 6/);
  await confirm(page, 'Unlock PIN', 'forgot it');
  expect(await ada.statuses('pin')).toMatchObject({
    'Wallet Fairphone 6': 'registered',
    'Wallet iPad': 'registered',
  });
});

test('a password is unlocked only in the app that was chosen', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Wallet' });
  await ada.fails(password, 'Shop', 5);
  await ada.fails(password, 'Wallet', 5);
  await open(`/users/${ada.id}`);
  await row(page, 'Password').getByRole('button', { name: 'Unlock' }).click();
  const asked = dialog(page, 'Unlock password');
  await expect(asked).toContainText('Unlocks the password in Shop and Wallet.');
  await asked.getByRole('checkbox', { name: 'Wallet' }).uncheck();
  await expect(asked).toContainText('Unlocks the password in Shop. Wallet stays as it is.');
  await confirm(page, 'Unlock password', 'found it again');
  expect(await ada.statuses('password')).toEqual({ Shop: 'registered', Wallet: 'locked' });
  await expect(row(page, 'Password')).toContainText('1 registered, 1 locked');
});

test('from the panel an action is on that app', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Wallet' });
  await ada.fails(password, 'Wallet', 5);
  await open(`/users/${ada.id}`);
  await show(page, 'Password');
  await expect(context(page, 'Shop').getByRole('button', { name: 'Unlock' })).toHaveCount(0);
  await context(page, 'Wallet').getByRole('button', { name: 'Unlock' }).click();
  await expect(dialog(page, 'Unlock password')).toContainText('Unlocks the password in Wallet.');
  await confirm(page, 'Unlock password', 'found it again');
  await expect(context(page, 'Wallet')).toContainText('Registered');
  await expect(context(page, 'Wallet').getByRole('button', { name: 'Unlock' })).toHaveCount(0);
});

test('nothing is done without a reason', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await open(`/users/${ada.id}`);
  await row(page, 'Password').getByRole('button', { name: 'Unlock' }).click();
  await expect(reason(page)).toBeFocused();
  await reason(page).fill('   ');
  await reason(page).press('Enter');
  await expect(reason(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(reason(page)).toHaveAccessibleDescription(/Say why/);
  expect(await ada.statuses('password')).toEqual({ Shop: 'locked' });
  await page.keyboard.press('Escape');
  await expect(dialog(page, 'Unlock password')).toBeHidden();
});

test('a password is deactivated everywhere for good, with a warning when it is the last way in', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.succeeds(password, 'Shop');
  await open(`/users/${ada.id}`);
  await show(page, 'Password');
  await page.getByRole('button', { name: 'Deactivate Password everywhere' }).click();
  const asked = dialog(page, 'Deactivate password');
  await expect(asked).toContainText('Nobody can sign in anywhere with this password');
  await expect(asked).toContainText('This leaves Ada Lovelace no usable way to sign in.');
  await confirm(page, 'Deactivate password', 'suspected takeover');
  expect(await ada.statuses('password')).toEqual({ Shop: 'deactivated' });
  await page.keyboard.press('Escape');
  await expect(row(page, 'Password')).toContainText('until lifted');
  expect(await ada.event('deactivated')).toMatchObject({ reason: 'suspected takeover' });
});

test('a deactivation in one app, for a while, leaves the other apps alone', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Wallet' });
  await ada.register('totp', { app: 'Wallet' });
  await ada.succeeds(password, 'Shop');
  await open(`/users/${ada.id}`);
  await show(page, 'Password');
  await page.getByRole('button', { name: 'Deactivate Password everywhere' }).click();
  const asked = dialog(page, 'Deactivate password');
  await asked.getByRole('radio', { name: 'Only in Shop' }).check();
  await expect(asked).toContainText('no usable way to sign in to Shop');
  await asked.getByRole('radio', { name: 'Only in Wallet' }).check();
  await expect(asked).not.toContainText('no usable way');
  await asked.getByRole('radio', { name: 'For 24 hours' }).check();
  await confirm(page, 'Deactivate password', 'laptop in repair');
  expect(await ada.statuses('password')).toEqual({ Shop: 'active', Wallet: 'deactivated' });
  await expect(context(page, 'Wallet')).toContainText(/(23 h 59 min|1 d) left/);
  await expect(context(page, 'Wallet')).toContainText('laptop in repair');
});

test('a deactivation until an instant of one’s own', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.register('password', { app: 'Shop' });
  await open(`/users/${ada.id}`);
  await show(page, 'Password');
  await context(page, 'Shop').getByRole('button', { name: 'Deactivate' }).click();
  const asked = dialog(page, 'Deactivate password');
  await asked.getByRole('radio', { name: 'Until …' }).check();
  await expect(asked.getByLabel('Until', { exact: true })).toHaveAccessibleDescription(/Central European/);
  await asked.getByRole('button', { name: 'Deactivate', exact: true }).click();
  await expect(asked.getByLabel('Until', { exact: true })).toHaveAccessibleDescription(
    /Choose a day and a time/,
  );
  await expect(reason(page), 'all that is missing is said at once').toHaveAccessibleDescription(/Say why/);
  await reason(page).fill('on leave');
  await asked.getByLabel('Until', { exact: true }).fill('2001-01-01T08:00');
  await asked.getByRole('button', { name: 'Deactivate', exact: true }).click();
  await expect(
    asked.getByLabel('Until', { exact: true }),
    'an instant that is over is none',
  ).toHaveAccessibleDescription(/in the future/);
  await expect(reason(page)).toHaveValue('on leave');
  await asked.getByLabel('Until', { exact: true }).fill('2099-01-01T08:00');
  await asked.getByRole('button', { name: 'Deactivate', exact: true }).click();
  await expect(asked).toContainText('Done');
  await page.keyboard.press('Escape');
  await expect(context(page, 'Shop')).toContainText(/2099.*(CET|GMT\+1)/);
});

test('what is deactivated is reactivated, and a lock underneath is in force again', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop', 5);
  await ada.deactivate(password, null, 'takeover');
  await open(`/users/${ada.id}`);
  await row(page, 'Password').getByRole('button', { name: 'Reactivate' }).click();
  await expect(dialog(page, 'Reactivate password')).toContainText('Lifts the deactivation of this password');
  await confirm(page, 'Reactivate password', 'investigation is over');
  await expect(row(page, 'Password')).toContainText('Locked');
  expect(await ada.statuses('password')).toEqual({ Shop: 'locked' });
});

test('a user is suspended and reinstated to exactly what there was', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  const password = await ada.register('password', { app: 'Shop' });
  await ada.succeeds(password, 'Shop');
  await open(`/users/${ada.id}`);
  await page.getByRole('button', { name: 'Suspend' }).click();
  await expect(dialog(page, 'Suspend Ada Lovelace')).toContainText('all 3 authenticators in every app');
  await expect(dialog(page, 'Suspend Ada Lovelace')).toContainText('will not be able to sign in anywhere');
  await confirm(page, 'Suspend Ada Lovelace', 'chargeback under review');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Suspended');
  await expect(row(page, 'Password')).toContainText('Deactivated');
  await expect(page.getByRole('main')).toContainText('chargeback under review');
  expect(await ada.status()).toBe('suspended');
  await page.getByRole('button', { name: 'Reinstate' }).click();
  await confirm(page, 'Reinstate Ada Lovelace', 'review is over');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Active');
  await expect(row(page, 'Password')).toContainText('Active');
  expect(await ada.status()).toBe('active');
});

test('a device is deactivated with everything on it, and reactivated', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  const phone = await ada.device('Fairphone 6');
  await ada.register('pin', { app: 'Wallet', device: phone });
  await ada.register('passkey', { app: 'Shop', device: phone, name: 'Passkey' });
  await open(`/users/${ada.id}/devices`);
  await row(page, 'Fairphone 6').getByRole('button', { name: 'Deactivate' }).click();
  await expect(dialog(page, 'Deactivate Fairphone 6')).toContainText(
    'Blocks 2 authenticators on Fairphone 6',
  );
  await confirm(page, 'Deactivate Fairphone 6', 'reported stolen');
  await expect(row(page, 'Fairphone 6')).toContainText('Deactivated');
  await expect(row(page, 'Fairphone 6')).toContainText('reported stolen');
  expect(await ada.statuses('pin')).toEqual({ 'Wallet Fairphone 6': 'deactivated' });
  await row(page, 'Fairphone 6').getByRole('button', { name: 'Reactivate' }).click();
  await confirm(page, 'Reactivate Fairphone 6', 'found again');
  await expect(row(page, 'Fairphone 6')).toContainText('In use');
  expect(await ada.statuses('pin')).toEqual({ 'Wallet Fairphone 6': 'registered' });
});

test('what somebody else did in the meantime is told, not done again', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop', 5);
  await open(`/users/${ada.id}`);
  await row(page, 'Password').getByRole('button', { name: 'Unlock' }).click();
  await ada.unlock(password, 'Shop', 'the other one was faster');
  await reason(page).fill('caller proved who she is');
  await dialog(page, 'Unlock password').getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(dialog(page, 'Unlock password')).toContainText('Nothing had to be changed');
});

test.describe('where the server cannot be reached', () => {
  test.use({ tolerated: /Failed to load resource/ });

  test('the dialog says so, keeps what was typed and can be sent again', async ({ page, open, tenant }) => {
    const ada = await tenant.user('Ada Lovelace');
    await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
    await open(`/users/${ada.id}`);
    await row(page, 'Password').getByRole('button', { name: 'Unlock' }).click();
    await reason(page).fill('caller proved who she is');
    await page.route('**/graphql', (route) => route.abort());
    const asked = dialog(page, 'Unlock password');
    await asked.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(asked.getByRole('alert')).toContainText('The server cannot be reached');
    await page.unrouteAll();
    await expect(reason(page)).toHaveValue('caller proved who she is');
    await asked.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(asked).toContainText('Done');
    expect(await ada.statuses('password')).toEqual({ Shop: 'registered' });
  });
});

test.describe('who may not is not offered it', () => {
  test('support unlocks and does not deactivate', async ({ page, open, tenant }) => {
    const ada = await tenant.user('Ada Lovelace');
    await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
    await open(`/users/${ada.id}`, tenant, { role: 'support' });
    await expect(row(page, 'Password').getByRole('button', { name: 'Unlock' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Suspend' })).toHaveCount(0);
    await show(page, 'Password');
    await expect(context(page, 'Shop').getByRole('button', { name: 'Unlock' })).toBeVisible();
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Deactivate' })).toHaveCount(0);
  });

  test('support deactivates where the tenant allows it', async ({ page, open, tenant }) => {
    await tenant.settings({ support_may_deactivate: true });
    const ada = await tenant.user('Ada Lovelace');
    await ada.register('password', { app: 'Shop' });
    await open(`/users/${ada.id}`, tenant, { role: 'support' });
    await show(page, 'Password');
    await context(page, 'Shop').getByRole('button', { name: 'Deactivate' }).click();
    await confirm(page, 'Deactivate password', 'asked for by the user');
    expect(await ada.statuses('password')).toEqual({ Shop: 'deactivated' });
  });

  test('what was allowed when the question was opened, and is not any more, is refused in words', async ({
    page,
    open,
    tenant,
  }) => {
    await tenant.settings({ support_may_deactivate: true });
    const ada = await tenant.user('Ada Lovelace');
    await ada.register('password', { app: 'Shop' });
    await open(`/users/${ada.id}`, tenant, { role: 'support' });
    await show(page, 'Password');
    await context(page, 'Shop').getByRole('button', { name: 'Deactivate' }).click();
    await tenant.settings({ support_may_deactivate: false });
    const asked = dialog(page, 'Deactivate password');
    await reason(page).fill('asked for by the user');
    await asked.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await expect(asked.getByRole('alert')).toContainText(/not allowed|may not/i);
    await expect(reason(page)).toHaveValue('asked for by the user');
    expect(await ada.statuses('password')).toEqual({ Shop: 'registered' });
  });

  test('support of one app sees and does what concerns that app', async ({ page, open, tenant }) => {
    const ada = await tenant.user('Ada Lovelace', { phone: '+49 151 7654321' });
    const password = await ada.register('password', { app: 'Shop' });
    await ada.register('password', { app: 'Wallet' });
    await ada.fails(password, 'Shop', 5);
    await ada.fails(password, 'Wallet', 5);
    await ada.fails(await ada.authenticator('sms_otp'), 'Wallet', 3);
    await open(`/users/${ada.id}`, tenant, { role: 'support', apps: [tenant.app('Shop')] });
    await show(page, 'Password');
    await expect(page.getByRole('dialog').getByRole('article')).toHaveCount(1);
    await context(page, 'Shop').getByRole('button', { name: 'Unlock' }).click();
    await confirm(page, 'Unlock password', 'caller proved who she is');
    expect(await ada.statuses('password')).toEqual({ Shop: 'registered', Wallet: 'locked' });
  });

  test('a reader looks', async ({ page, open, tenant }) => {
    const ada = await tenant.user('Ada Lovelace');
    const phone = await ada.device('Fairphone 6');
    await ada.register('pin', { app: 'Wallet', device: phone });
    await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
    const actions = page.getByRole('button', { name: /^(Unlock|Deactivate|Reactivate|Suspend|Reinstate)/ });
    await open(`/users/${ada.id}`, tenant, { role: 'reader' });
    await expect(row(page, 'Password')).toContainText('Locked');
    await expect(actions).toHaveCount(0);
    await show(page, 'Password');
    await expect(context(page, 'Shop')).toContainText(/Locked.* 5 failures/);
    await expect(actions).toHaveCount(0);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Devices' }).click();
    await expect(row(page, 'Fairphone 6')).toBeVisible();
    await expect(actions).toHaveCount(0);
  });
});
