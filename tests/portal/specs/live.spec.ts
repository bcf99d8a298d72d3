import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const row = (page: Page, of: string) => page.getByRole('row').filter({ hasText: of });

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
