import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const searchBox = (page: Page) => page.getByRole('searchbox', { name: 'Search users' });
const names = (page: Page) => page.getByRole('table').getByRole('rowheader');
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

test('somebody is found by the beginning of a name, while it is typed', async ({ page, open, demo }) => {
  await open('/users', demo);
  await expect(searchBox(page)).toBeFocused();
  await page.keyboard.type('mixe');
  await expect(names(page)).toHaveText([/Mia Mixed/]);
});

test('somebody is found by email address, phone number or id', async ({ page, open, tenant }) => {
  const grace = await tenant.user('Grace Hopper', { email: 'grace@navy.example', phone: '+49 151 7654321' });
  await tenant.user('Ada Lovelace', { email: 'ada@engine.example', phone: '+49 151 1234567' });
  await open('/users');
  await expect(names(page)).toHaveText([/Ada Lovelace/, /Grace Hopper/]);
  for (const known of ['grace@navy.example', 'navy', '+49 151 7654321', '+49 151 7', grace.id]) {
    await searchBox(page).fill(known);
    await expect(names(page), known).toHaveText([/Grace Hopper/]);
    await searchBox(page).fill('');
    await expect(names(page), known).toHaveCount(2);
  }
});

test('the list says who is suspended, how many authenticators there are and whether one is locked', async ({
  page,
  open,
  tenant,
}) => {
  const lena = await tenant.user('Lena Locked', { email: 'lena@example.com' });
  await lena.fails(await lena.register('password', { app: 'Shop' }), 'Shop', 5);
  const sven = await tenant.user('Sven Suspended', { email: 'sven@example.com' });
  await sven.suspend('chargeback');
  await tenant.user('Nobody Yet');
  await open('/users');
  await expect(row(page, 'Lena Locked')).toContainText('Pending');
  await expect(row(page, 'Lena Locked').getByRole('cell').last()).toContainText(/^3\s*1 locked$/);
  await expect(row(page, 'Sven Suspended')).toContainText('Suspended');
  await expect(row(page, 'Sven Suspended').getByRole('cell').last()).toHaveText('2');
  await expect(row(page, 'Nobody Yet').getByRole('cell').last()).toHaveText('0');
});

test('what is searched and filtered stands in the address, and whoever gets it sees the same', async ({
  page,
  open,
  tenant,
}) => {
  const lena = await tenant.user('Lena Lund');
  await lena.fails(await lena.register('password', { app: 'Shop' }), 'Shop', 5);
  await tenant.user('Lena Lind');
  await tenant.user('Otto Olsen');
  await open('/users');
  await searchBox(page).fill('lena');
  await expect(names(page)).toHaveText([/Lena Lind/, /Lena Lund/]);
  await page.getByRole('checkbox', { name: 'Something is locked' }).check();
  await expect(names(page)).toHaveText([/Lena Lund/]);
  const { pathname, search } = new URL(page.url());
  await page.goto('about:blank');
  await open(pathname + search);
  await expect(searchBox(page)).toHaveValue('lena');
  await expect(page.getByRole('checkbox', { name: 'Something is locked' })).toBeChecked();
  await expect(names(page)).toHaveText([/Lena Lund/]);
});

test('going back from a user leads to the same search', async ({ page, open, demo }) => {
  await open('/users', demo);
  await searchBox(page).fill('timer');
  await page.getByRole('link', { name: 'Tom Timer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Tom Timer');
  await page.goBack();
  await expect(searchBox(page)).toHaveValue('timer');
  await expect(names(page)).toHaveText([/Tom Timer/]);
});

test('a slow answer to what was typed before never replaces the newer one', async ({
  page,
  open,
  tenant,
}) => {
  await tenant.user('Alma Alpha');
  await tenant.user('Bert Beta');
  await open('/users');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().variables.search === 'alma') await held;
    // The page has taken the question back by then.
    await route.continue().catch(() => {});
  });
  await searchBox(page).fill('alma');
  await page.waitForRequest((request) => request.postDataJSON()?.variables?.search === 'alma');
  await searchBox(page).fill('bert');
  await expect(names(page)).toHaveText([/Bert Beta/]);
  release();
  await page.unrouteAll({ behavior: 'wait' });
  await expect(names(page)).toHaveText([/Bert Beta/]);
});

test('when nobody is found, the page says what to try', async ({ page, open, demo }) => {
  await open('/users', demo);
  await searchBox(page).fill('xyzzy');
  await expect(page.getByText('Nobody is found')).toBeVisible();
  await expect(page.getByText('Try the beginning of a name')).toBeVisible();
});

test('a long list goes on', async ({ page, open, demo }) => {
  await open('/users', demo);
  await expect(names(page)).toHaveCount(25);
  const more = page.getByRole('button', { name: 'Show more' });
  await more.click();
  await expect(names(page)).toHaveCount(50);
  await more.click();
  await expect(names(page)).toHaveCount(75);
  expect(new Set(await names(page).allTextContents()).size, 'nobody is there twice').toBe(75);
});

test('support sees addresses masked', async ({ page, open, tenant }) => {
  await tenant.user('Grace Hopper', { email: 'grace@navy.example', phone: '+49 151 7654321' });
  await open('/users', tenant, { role: 'support' });
  await expect(names(page)).toHaveText([/Grace Hopper/]);
  await expect(page.getByRole('main')).not.toContainText('grace@navy.example');
  await expect(page.getByRole('main')).not.toContainText('7654321');
});

test.describe('across users', () => {
  const view = (page: Page, name: string) => page.getByRole('radio', { name });

  test('who is locked now, by method and by app', async ({ page, open, tenant }) => {
    const lena = await tenant.user('Lena Lund', { phone: '+49 151 7654321' });
    await lena.fails(await lena.register('password', { app: 'Shop' }), 'Shop', 5);
    const otto = await tenant.user('Otto Olsen', { phone: '+49 151 1234567' });
    const sms = await otto.authenticator('sms_otp');
    await otto.fails(sms, 'Wallet', 3);
    await tenant.user('Nora Normal', { phone: '+49 151 1111111' });
    await open('/');
    await page.getByRole('link', { name: 'Needs attention' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Needs attention' })).toBeVisible();
    await expect(names(page)).toHaveText([/Lena Lund|Otto Olsen/, /Lena Lund|Otto Olsen/]);
    await expect(row(page, 'Lena Lund')).toContainText(/Password.*Shop.*Locked.*\d left/);
    await page.getByRole('combobox', { name: 'Method' }).selectOption('SMS code');
    await expect(names(page)).toHaveText([/Otto Olsen/]);
    await page.getByRole('combobox', { name: 'Method' }).selectOption('Any method');
    await page.getByRole('combobox', { name: 'App' }).selectOption('Shop');
    await expect(names(page)).toHaveText([/Lena Lund/]);
  });

  test('what is deactivated, and what was never used', async ({ page, open, tenant }) => {
    const lena = await tenant.user('Lena Lund');
    const password = await lena.register('password', { app: 'Shop' });
    await lena.succeeds(password, 'Shop');
    await lena.deactivate(password, null, 'takeover');
    const otto = await tenant.user('Otto Olsen');
    await otto.register('password', { app: 'Shop' });
    await open('/authenticators');
    await expect(page.getByText('Nothing is locked')).toBeVisible();
    await view(page, 'Deactivated').check();
    await expect(names(page)).toHaveText([/Lena Lund/]);
    await expect(row(page, 'Lena Lund')).toContainText(/Deactivated.*until lifted/);
    await view(page, 'Never used').check();
    await expect(names(page)).toHaveText([/Otto Olsen/]);
    await expect(row(page, 'Otto Olsen')).toContainText('Never');
  });

  test('a deactivation or suspension that ends says when', async ({ page, open, tenant }) => {
    const lena = await tenant.user('Lena Lund');
    await lena.deactivate(await lena.register('password', { app: 'Shop' }), 'Shop', 'on leave', '7 days');
    const otto = await tenant.user('Otto Olsen');
    await otto.register('password', { app: 'Shop' });
    await otto.suspend('under review', '7 days');
    await open('/authenticators?view=deactivated');
    await expect(row(page, 'Lena Lund')).toContainText(/Deactivated.*(6 d 23 h|7 d) left/);
    await expect(row(page, 'Otto Olsen')).toContainText(/Deactivated.*(6 d 23 h|7 d) left/);
  });

  test('the view stands in the address', async ({ page, open, tenant }) => {
    const otto = await tenant.user('Otto Olsen');
    await otto.register('password', { app: 'Shop' });
    await otto.register('totp', { app: 'Shop' });
    await open('/authenticators');
    await view(page, 'Never used').check();
    await page.getByRole('combobox', { name: 'Method' }).selectOption('Authenticator app');
    await expect(names(page)).toHaveCount(1);
    const { pathname, search } = new URL(page.url());
    await page.goto('about:blank');
    await open(pathname + search);
    await expect(view(page, 'Never used')).toBeChecked();
    await expect(
      page.getByRole('combobox', { name: 'Method' }).getByRole('option', { selected: true }),
    ).toHaveText('Authenticator app');
    await expect(names(page)).toHaveCount(1);
  });

  test('a row leads to that authenticator of that user', async ({ page, open, tenant }) => {
    const lena = await tenant.user('Lena Lund');
    await lena.fails(await lena.register('password', { app: 'Shop' }), 'Shop', 5);
    await open('/authenticators');
    await page.getByRole('link', { name: 'Lena Lund' }).click();
    await expect(page.getByRole('dialog', { name: 'Password' })).toContainText(/Locked.* 5 failures/);
  });
});
