import type { Page } from '@playwright/test';
import { Gateway } from '../support/gateway.ts';
import { expect, test } from '../support/test.ts';

const row = (page: Page, of: string) => page.getByRole('row').filter({ hasText: of });
const show = (page: Page, of: string) => row(page, of).getByRole('button', { name: 'show each app' });

test('a lock that runs out is over on the page too', async ({ page, open, tenant }) => {
  await tenant.policy('password', [{ failures: 1, duration: '10 seconds' }]);
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop');
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Registered');
  await expect(row(page, 'Password').getByRole('button', { name: 'Unlock' })).toHaveCount(0);
  expect(await ada.statuses('password')).toEqual({ Shop: 'registered' });
});

test('who is not locked any more leaves the view of who is', async ({ page, open, tenant }) => {
  await tenant.policy('password', [{ failures: 1, duration: '10 seconds' }]);
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop');
  await open('/authenticators');
  await expect(page.getByText('Nothing is locked')).toBeVisible();
});

test('what somebody else does appears by itself, and an open question keeps its focus and what was typed', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace', { phone: '+49 151 7654321' });
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop', 5);
  await open(`/users/${ada.id}`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await row(page, 'Password').getByRole('button', { name: 'Unlock' }).click();
  const reason = page.getByLabel('Reason');
  await reason.fill('half a sen');
  await ada.succeeds(await ada.authenticator('sms_otp'), 'Wallet');
  await expect(page.getByRole('row', { includeHidden: true }).filter({ hasText: 'SMS code' })).toContainText(
    'Active',
  );
  await expect(page.getByText('SMS code in Wallet is now active.')).toBeAttached();
  await expect(reason).toBeFocused();
  await expect(reason).toHaveValue('half a sen');
});

test('a row changes by itself when something locks it', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.succeeds(password, 'Shop');
  await open(`/users/${ada.id}`);
  await expect(row(page, 'Password')).toContainText('Active');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await ada.fails(password, 'Shop', 5);
  await expect(row(page, 'Password')).toContainText('Locked');
  await expect(row(page, 'Password').getByRole('button', { name: 'Unlock' })).toBeVisible();
  await ada.unlock(password, 'Shop', 'by somebody else');
  await expect(row(page, 'Password')).toContainText('Active');
});

test('a change leaves the focus where it is', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  const password = await ada.register('password', { app: 'Shop' });
  await open(`/users/${ada.id}`);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await show(page, 'Email code').focus();
  await ada.fails(password, 'Shop', 5);
  await expect(row(page, 'Password')).toContainText('Locked');
  await expect(show(page, 'Email code')).toBeFocused();
  await ada.fails(await ada.authenticator('email_otp'), 'Shop', 3);
  await expect(row(page, 'Email code')).toContainText('Locked');
  await expect(show(page, 'Email code')).toBeFocused();
});

test('a change leaves an open dialog open, with what was typed', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.fails(password, 'Shop', 5);
  await open(`/users/${ada.id}`);
  await show(page, 'Password').click();
  const panel = page.getByRole('dialog', { name: 'Password' });
  await panel.getByRole('article', { name: 'Shop' }).getByRole('button', { name: 'Unlock' }).click();
  await page.getByLabel('Reason').pressSequentially('caller pro');
  await ada.fails(password, 'Desk', 5);
  await expect(panel.getByRole('article', { name: 'Desk' })).toContainText('Locked');
  await expect(page.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('ved who she is');
  await expect(page.getByLabel('Reason')).toHaveValue('caller proved who she is');
});

test('the lists across users change by themselves', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await open('/authenticators');
  await expect(page.getByText('Nothing is locked')).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await ada.fails(password, 'Shop', 5);
  await expect(row(page, 'Ada Lovelace')).toContainText('Locked');
});

test.describe('when the connection is lost', () => {
  test.use({ tolerated: /Failed to load resource|net::ERR/ });

  test('the page says so, comes back by itself, and what happened meanwhile is there', async ({
    page,
    tenant,
  }) => {
    const ada = await tenant.user('Ada Lovelace');
    await ada.register('password', { app: 'Shop' });
    const gateway = await Gateway.start();
    try {
      await page.goto(`${gateway.url}/users/${ada.id}#token=${gateway.token(tenant.id)}`);
      await expect(page.getByText('Live', { exact: true })).toBeVisible();
      await gateway.stop();
      await expect(page.getByText('Not live, reconnecting …')).toBeVisible();
      await ada.suspend('while nobody was looking');
      await gateway.resume();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Suspended');
      await expect(page.getByText('Live', { exact: true })).toBeVisible();
    } finally {
      await gateway.stop();
    }
  });
});
