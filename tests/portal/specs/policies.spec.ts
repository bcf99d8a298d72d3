import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const row = (page: Page, method: string) => page.getByRole('row', { name: method });
const where = (page: Page) => page.getByRole('combobox', { name: 'Where' });

/** Opens the policy of a method for changes. */
async function change(page: Page, method: string): Promise<Locator> {
  await row(page, method).getByRole('button', { name: 'Change' }).click();
  const asked = page.getByRole('dialog', { name: 'Lockout of' });
  await expect(asked).toBeVisible();
  return asked;
}

async function save(asked: Locator, why: string): Promise<void> {
  await asked.getByLabel('Reason').fill(why);
  await asked.getByRole('button', { name: 'Save', exact: true }).click();
}

test('every lockable method has a policy, and it says where it comes from', async ({
  page,
  open,
  tenant,
}) => {
  await tenant.policy('password', [{ failures: 7, duration: '1 hour' }]);
  await tenant.policy('password', [{ failures: 3, duration: '2 minutes' }], 'Desk');
  await open('/users');
  await page.getByRole('link', { name: 'Policies' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lockout policies' })).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveText([
    /^Password/,
    /^Authenticator app/,
    /^PIN/,
    /^SMS code/,
    /^Email code/,
  ]);
  await expect(row(page, 'Password')).toContainText('7 failures lock for 1 hour');
  await expect(row(page, 'Password')).toContainText('Whole tenant');
  await expect(row(page, 'PIN')).toContainText('5 failures lock for 15 minutes');
  await expect(row(page, 'PIN')).toContainText('Built in');
  await where(page).selectOption('Desk');
  await expect(row(page, 'Password')).toContainText('3 failures lock for 2 minutes');
  await expect(row(page, 'Password')).toContainText('This app');
  await expect(page).toHaveURL(new RegExp(`/policies\\?app=${tenant.app('Desk')}$`));
  await where(page).selectOption('Shop');
  await expect(row(page, 'Password')).toContainText('7 failures lock for 1 hour');
});

test('an administrator changes what locks, and the next failures are judged by it', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await open('/policies');
  const asked = await change(page, 'Password');
  await asked.getByLabel('Failures in a row').fill('2');
  await asked.getByLabel('Lock for').fill('3');
  await asked.getByLabel('Unit of the lock').selectOption('hours');
  await save(asked, 'attack on this method');
  await expect(asked).toBeHidden();
  await expect(row(page, 'Password')).toContainText('2 failures lock for 3 hours');
  await expect(row(page, 'Password')).toContainText('Whole tenant');
  await ada.fails(password, 'Shop', 2);
  expect(await ada.statuses('password')).toEqual({ Shop: 'locked' });
});

test('steps are added, up to one that nothing but a person ends', async ({ page, open, tenant }) => {
  await open(`/policies?app=${tenant.app('Wallet')}`);
  const asked = await change(page, 'Authenticator app');
  await expect(asked).toContainText('in Wallet');
  await asked.getByRole('button', { name: 'Add a step' }).click();
  await asked.getByRole('checkbox', { name: 'Until somebody unlocks', exact: true }).check();
  await asked.getByLabel('After', { exact: true }).fill('2');
  await asked.getByLabel('Unit of the window').selectOption('hours');
  await save(asked, 'the wallet holds money');
  await expect(asked).toBeHidden();
  await expect(row(page, 'Authenticator app').getByRole('listitem')).toHaveText([
    '5 failures lock for 15 minutes',
    '10 failures lock until unlocked',
  ]);
  await expect(row(page, 'Authenticator app')).toContainText('This app');
  await expect(row(page, 'Authenticator app')).toContainText('Failures count for 2 hours');
});

test('what cannot work is told beside the field that is wrong', async ({ page, open }) => {
  await open('/policies');
  const asked = await change(page, 'Password');
  const failures = asked.getByLabel('Failures in a row');
  await failures.fill('0');
  await save(asked, 'a mistake');
  await expect(failures).toHaveAttribute('aria-invalid', 'true');
  await expect(failures).toHaveAccessibleDescription(/.+/);
  await failures.fill('5');
  await asked.getByRole('button', { name: 'Add a step' }).click();
  await failures.last().fill('4');
  await save(asked, 'a mistake');
  await expect(failures.last(), 'the steps do not increase').toHaveAttribute('aria-invalid', 'true');
  await expect(failures.first()).toHaveAttribute('aria-invalid', 'false');
  await failures.last().fill('9');
  await save(asked, 'a mistake');
  await expect(
    asked.getByLabel('After', { exact: true }),
    'the window is shorter than the longest lock',
  ).toHaveAttribute('aria-invalid', 'true');
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, 'Password')).toContainText('Built in');
});

test('a policy is tried on what happened before it is saved', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop', 2);
  await ada.succeeds(password, 'Shop');
  const grace = await tenant.user('Grace Hopper');
  await grace.succeeds(await grace.register('password', { app: 'Shop' }), 'Shop');
  await open('/policies');
  const asked = await change(page, 'Password');
  const preview = asked.getByRole('region', { name: 'Preview' });
  const figure = (name: string) =>
    preview.getByRole('definition').and(page.locator(`dt:text-is("${name}") + dd`));
  await preview.getByRole('button', { name: 'Try it on' }).click();
  await expect(figure('users locked')).toHaveText('0 of 2');
  await asked.getByLabel('Failures in a row').fill('2');
  await expect(figure('users locked'), 'an answer to another question is none').toHaveCount(0);
  await preview.getByRole('button', { name: 'Try it on' }).click();
  await expect(figure('users locked')).toHaveText('1 of 2');
  await expect(figure('users kept out with the right secret')).toHaveText('1');
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, 'Password'), 'nothing was saved').toContainText('Built in');
});

test('a policy that cannot be tried says why', async ({ page, open }) => {
  await open('/policies');
  const asked = await change(page, 'Password');
  await asked.getByLabel('Failures in a row').fill('0');
  const preview = asked.getByRole('region', { name: 'Preview' });
  await preview.getByRole('button', { name: 'Try it on' }).click();
  await expect(preview.getByRole('alert')).toBeVisible();
});

test('a policy that is taken back lets the less specific one hold again', async ({ page, open, tenant }) => {
  await tenant.policy('password', [{ failures: 7, duration: '1 hour' }]);
  await tenant.policy('password', [{ failures: 3, duration: '2 minutes' }], 'Desk');
  await open(`/policies?app=${tenant.app('Desk')}`);
  await row(page, 'Password').getByRole('button', { name: 'Take back' }).click();
  const asked = page.getByRole('dialog', { name: 'Take back the lockout of password in Desk' });
  await expect(asked).toContainText('What the tenant says about password holds in Desk again.');
  await asked.getByLabel('Reason').fill('no longer needed');
  await asked.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect(asked).toBeHidden();
  await expect(row(page, 'Password')).toContainText('7 failures lock for 1 hour');
  await expect(row(page, 'Password').getByRole('button', { name: 'Take back' })).toHaveCount(0);
});

test('a method that is the same in every app is changed for the whole tenant only', async ({
  page,
  open,
  tenant,
}) => {
  await open(`/policies?app=${tenant.app('Shop')}`);
  await expect(row(page, 'SMS code')).toContainText('the same in every app');
  await expect(row(page, 'SMS code').getByRole('button')).toHaveCount(0);
  await where(page).selectOption('Whole tenant');
  await expect(row(page, 'SMS code').getByRole('button', { name: 'Change' })).toBeVisible();
});

for (const role of ['support', 'reader'] as const) {
  test(`a ${role} looks and changes nothing`, async ({ page, open, tenant }) => {
    await open('/policies', tenant, { role });
    await expect(row(page, 'Password')).toContainText('5 failures lock for 15 minutes');
    await expect(page.getByRole('button', { name: /Change|Take back/ })).toHaveCount(0);
  });
}
