import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const row = (page: Page, ...has: string[]) =>
  has.reduce((rows, text) => rows.filter({ hasText: text }), page.getByRole('row'));
const status = (page: Page, of: string) => row(page, of).getByRole('button', { name: 'show each app' });
const panel = (page: Page, name: string) => page.getByRole('dialog', { name });
const context = (page: Page, app: string) => page.getByRole('dialog').getByRole('article', { name: app });

test('each authenticator is one row, however many apps use it', async ({ page, open, demo }) => {
  const mia = await demo.find('Mia Mixed');
  await open(`/users/${mia.id}`, demo);
  await expect(page.getByRole('table', { name: 'Authenticators' }).getByRole('rowheader')).toHaveText([
    /^Password/,
    /^PIN.*(Pixel 9|iPad)/,
    /^PIN.*(Pixel 9|iPad)/,
    /^SMS code/,
    /^Email code/,
    /^Email magic link/,
  ]);
});

test('one that several apps use says Multiple, and which', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.succeeds(password, 'Shop');
  await ada.succeeds(password, 'Desk');
  await ada.register('totp', { app: 'Wallet' });
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Multiple');
  await expect(row(page, 'Authenticator app')).toContainText('Wallet');
  await status(page, 'Password').click();
  await expect(panel(page, 'Password').getByRole('article')).toHaveCount(2);
  await expect(context(page, 'Shop')).toContainText('Active');
  await expect(context(page, 'Desk')).toContainText('Active');
});

test('one that is not the same in all apps is mixed, and says what it consists of', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Wallet' });
  await ada.register('password', { app: 'Desk' });
  await ada.succeeds(password, 'Shop');
  await ada.fails(password, 'Wallet', 5);
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Mixed');
  await expect(row(page, 'Password')).toContainText('1 registered, 1 active, 1 locked');
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText('Active');
  await expect(context(page, 'Wallet')).toContainText('Locked');
  await expect(context(page, 'Desk')).toContainText('Registered');
});

test('a lock counts down, and says in words why and until when', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await open(`/users/${ada.id}`);
  const left = row(page, 'Password').getByRole('timer');
  await expect(left).toHaveText(/^1[45]:\d\d left$/);
  const before = (await left.textContent()) ?? '';
  await expect(left).not.toHaveText(before);
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText(/Locked.* 5 failures/);
  await expect(context(page, 'Shop')).toContainText(/1[45]:\d\d left, until .*(CET|GMT\+1)/);
});

test('every time of a panel is the reader’s own', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await open(`/users/${ada.id}`);
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText(
    /Locked in Shop since .*(CET|GMT\+1) until .*(CET|GMT\+1):/,
  );
  await expect(panel(page, 'Password')).not.toContainText('UTC');
});

test('the columns stand still while the times in them go on', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.succeeds(await ada.register('password', { app: 'Shop' }), 'Shop');
  await open(`/users/${ada.id}`);
  const headers = page.getByRole('columnheader');
  const places = () => headers.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  await expect(row(page, 'Password')).toContainText('just now');
  const before = await places();
  await row(page, 'Password')
    .getByRole('time')
    .evaluateAll((times) => {
      for (const time of times) time.textContent = '59 minutes ago';
    });
  expect(await places()).toEqual(before);
});

test('a lock that nothing but a person ends says so', async ({ page, open, tenant }) => {
  await tenant.policy('totp', [{ failures: 3 }], 'Wallet');
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('totp', { app: 'Wallet' }), 'Wallet', 3);
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Authenticator app')).toContainText('until unlocked');
  await status(page, 'Authenticator app').click();
  await expect(context(page, 'Wallet')).toContainText('Until somebody unlocks it');
});

test('a deactivation says why and until when', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.deactivate(password, 'Shop', 'left the team', '7 days');
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Mixed');
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText('left the team');
  await expect(context(page, 'Shop')).toContainText(/(6 d 23 h|7 d) left/);
});

test('one that is deactivated in its only app says when that ends', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.deactivate(await ada.register('password', { app: 'Shop' }), 'Shop', 'on leave', '7 days');
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText(/Deactivated.*(6 d 23 h|7 d) left/);
});

test('failures that have not locked yet are counted', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 3);
  await open(`/users/${ada.id}`);
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText(/Failures\s*3/);
});

test('the last use says when, in which app and on which device', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace', { phone: '+49 151 7654321' });
  const phone = await ada.device('Fairphone 6');
  await ada.succeeds(await ada.authenticator('sms_otp'), 'Wallet', phone);
  await ada.register('password', { app: 'Shop' });
  await open(`/users/${ada.id}`);
  await expect(row(page, 'SMS code')).toContainText(/(just now|minute).*Wallet · Fairphone 6/);
  await expect(row(page, 'Password')).toContainText('Never');
  const time = row(page, 'SMS code').getByRole('time').first();
  await expect(time).toHaveAttribute('title', /\d{4}.*(CET|GMT\+1)/);
});

test('one that an app does not offer any more stays visible and says so', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.succeeds(password, 'Desk');
  await tenant.disable('Shop', 'password');
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Active');
  await status(page, 'Password').click();
  await expect(context(page, 'Shop')).toContainText('does not offer this method now');
});

test('the rows are filtered by status, method and app, and the address says how', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await ada.register('totp', { app: 'Wallet' });
  await open(`/users/${ada.id}`);
  const rows = page.getByRole('table', { name: 'Authenticators' }).getByRole('rowheader');
  const choose = (label: string, option: string | RegExp) => async () => {
    const select = page.getByRole('combobox', { name: label, exact: true });
    const [value] = await select
      .getByRole('option')
      .filter({ hasText: option })
      .evaluateAll((options) => options.map((one) => (one as HTMLOptionElement).value));
    await select.selectOption(value ?? '');
  };
  await expect(rows).toHaveCount(4);
  await choose('Status', 'Locked')();
  await expect(rows).toHaveText([/^Password/]);
  await choose('Status', 'Any status')();
  await choose('App', 'Wallet')();
  await expect(rows).toHaveText([/^Authenticator app/]);
  await choose('Method', 'Email code')();
  await expect(page.getByText('None is like that')).toBeVisible();
  const { pathname, search } = new URL(page.url());
  await page.goto('about:blank');
  await open(pathname + search);
  await expect(page.getByText('None is like that')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(rows).toHaveCount(4);
});

test('a panel closes with Escape and gives the focus back', async ({ page, open, demo }) => {
  const mia = await demo.find('Mia Mixed');
  await open(`/users/${mia.id}`, demo);
  await status(page, 'Password').focus();
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Password')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel(page, 'Password')).toBeHidden();
  await expect(status(page, 'Password')).toBeFocused();
});

test('a suspended user says so, why, and what that means', async ({ page, open, demo }) => {
  const sue = await demo.find('Sue Suspended');
  await open(`/users/${sue.id}`, demo);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Suspended');
  await expect(page.getByRole('main')).toContainText('account takeover under investigation');
  await expect(row(page, 'Password')).toContainText('Deactivated');
});

test('the devices are there, with what is on them', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const phone = await ada.device('Fairphone 6');
  await ada.register('pin', { app: 'Wallet', device: phone });
  await ada.register('passkey', { app: 'Shop', device: phone, name: 'Passkey' });
  await ada.device('Old tablet');
  await open(`/users/${ada.id}`);
  await page.getByRole('link', { name: 'Devices' }).click();
  await expect(row(page, 'Fairphone 6')).toContainText('2 authenticators');
  await expect(row(page, 'Old tablet')).toContainText('None');
});

test('an id is copied with one click', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await open(`/users/${ada.id}`);
  await page.getByRole('button', { name: 'Copy the user’s id' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(ada.id);
});
