import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const timeline = (page: Page) => page.getByRole('region', { name: 'History' }).getByRole('listitem');

test('what happened to a user is told, the newest first, with who did it, why and from where', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  const phone = await ada.device('Fairphone 6');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.succeeds(password, 'Shop', phone);
  await ada.fails(password, 'Shop', 5);
  await ada.unlock(password, 'Shop', 'caller proved who she is');
  await open(`/users/${ada.id}`);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(timeline(page)).toHaveText([
    /Password unlocked in Shop.*caller proved who she is/,
    /Password locked in Shop.*Locked.*5 in a row: step 1 of the built-in policy/,
    ...Array.from({ length: 5 }, () => /Password was wrong in Shop.*203\.0\.113\.50/),
    /Signed in to Shop with password.*Fairphone 6/,
    /Password registered in Shop/,
  ]);
  await expect(page.getByRole('region', { name: 'History' }).getByRole('time').first()).toHaveAttribute(
    'title',
    /CET|GMT\+1/,
  );
});

test('that a lock ran out is told though nobody did anything', async ({ page, open, tenant }) => {
  await tenant.policy('password', [{ failures: 1, duration: '1 second' }]);
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop');
  await expect.poll(() => ada.statuses('password')).toEqual({ Shop: 'registered' });
  await open(`/users/${ada.id}/history`);
  await expect(timeline(page).first()).toContainText('Lock of Password ran out in Shop');
});

test('a flood of refusals is one line, and the rest are counted', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.fails(password, 'Shop', 8);
  await open(`/users/${ada.id}/history?kind=sign-ins`);
  await expect(timeline(page).filter({ hasText: 'Password was refused' })).toHaveCount(1);
});

test('the history is filtered by kind, method and app, and the address says how', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.succeeds(password, 'Shop');
  await ada.succeeds(password, 'Desk');
  await ada.succeeds(await ada.authenticator('email_otp'), 'Desk');
  await open(`/users/${ada.id}/history`);
  const choose = (label: string, option: string) =>
    page.getByRole('combobox', { name: label, exact: true }).selectOption(option);
  await choose('Kind', 'Sign-ins');
  await expect(timeline(page)).toHaveText([
    /Signed in to Desk with email code/,
    /Signed in to Desk with password/,
    /Signed in to Shop with password/,
  ]);
  await choose('Method', 'Password');
  await expect(timeline(page)).toHaveText([/Desk with password/, /Shop with password/]);
  await choose('App', 'Shop');
  await expect(timeline(page)).toHaveText([/Shop with password/]);
  const { pathname, search } = new URL(page.url());
  await page.goto('about:blank');
  await open(pathname + search);
  await expect(timeline(page)).toHaveText([/Shop with password/]);
  await choose('Kind', 'Locks');
  await expect(page.getByText('Nothing like that has happened')).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(timeline(page)).not.toHaveCount(0);
});

test('a long history goes on', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  for (let time = 0; time < 35; time += 1) await ada.succeeds(password, 'Shop');
  await open(`/users/${ada.id}/history?kind=sign-ins`);
  await expect(timeline(page)).toHaveCount(30);
  await page.getByRole('button', { name: 'Show older' }).click();
  await expect(timeline(page)).toHaveCount(35);
  await expect(page.getByRole('button', { name: 'Show older' })).toHaveCount(0);
});

test('what one has just done is in the history, beside one’s name', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await open(`/users/${ada.id}`, tenant, { subject: 'sam@help.example', role: 'support' });
  await page.getByRole('row', { name: 'Password' }).getByRole('button', { name: 'Unlock' }).click();
  await page.getByLabel('Reason').fill('caller proved who she is');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Done');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(timeline(page).first()).toContainText('Password unlocked in Shop');
  await expect(timeline(page).first()).toContainText('caller proved who she is');
  await expect(timeline(page).first()).toContainText('by sam@help.example');
});

test('behind a status there are its own last events', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace', { email: 'ada@example.com' });
  const password = await ada.register('password', { app: 'Shop' });
  await ada.succeeds(await ada.authenticator('email_otp'), 'Desk');
  await ada.fails(password, 'Shop', 5);
  await open(`/users/${ada.id}`);
  await page.getByRole('row', { name: 'Password' }).getByRole('button', { name: 'show each app' }).click();
  const recent = page.getByRole('dialog').getByRole('region', { name: 'Recent events' });
  await expect(recent.getByRole('listitem').first()).toContainText('Password locked in Shop');
  await expect(recent).not.toContainText('email code');
});

test('support of one app sees what happened there', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  const password = await ada.register('password', { app: 'Shop' });
  await ada.register('password', { app: 'Desk' });
  await ada.succeeds(password, 'Shop');
  await ada.succeeds(password, 'Desk');
  await open(`/users/${ada.id}/history?kind=sign-ins`, tenant, {
    role: 'support',
    apps: [tenant.app('Shop')],
  });
  await expect(timeline(page)).toHaveText([/Signed in to Shop with password/]);
});

test('a user to whom nothing has happened says so', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await open(`/users/${ada.id}/history`);
  await expect(page.getByText('Nothing has happened yet')).toBeVisible();
});
