import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { checkout } from '../support/environment.ts';
import type { Tenant } from '../support/tenant.ts';
import { expect, test } from '../support/test.ts';

type Shot = {
  name: string;
  path: (demo: Tenant) => Promise<string>;
  act?: (page: Page) => Promise<void>;
  /** Whether README.md shows it: as docs/images/<name>-<theme>.png. */
  shown?: true;
};

const of =
  (name: string, rest = '') =>
  async (demo: Tenant) =>
    `/users/${(await demo.find(name)).id}${rest}`;
const show = (method: string) => async (page: Page) => {
  await page.getByRole('row', { name: method }).getByRole('button', { name: 'show each app' }).click();
  // With the explanations, which come after the rest.
  await expect(
    page
      .getByRole('dialog')
      .getByText(/ in .* since /)
      .first(),
  ).toBeVisible();
};

const shots: Shot[] = [
  { name: 'users', path: async () => '/users?q=mi' },
  { name: 'attention', path: async () => '/authenticators' },
  { name: 'authenticators', path: of('Mia Mixed'), shown: true },
  { name: 'suspended', path: of('Sue Suspended') },
  { name: 'right-to-left', path: of('ليلى حداد') },
  { name: 'history', path: of('Mia Mixed', '/history') },
  { name: 'policies', path: async () => '/policies' },
  {
    name: 'policy',
    path: async () => '/policies',
    act: async (page) => {
      await page
        .getByRole('row', { name: 'Authenticator app' })
        .getByRole('button', { name: 'Change' })
        .click();
      await page.getByRole('button', { name: 'Try it on' }).click();
      await expect(page.getByRole('region', { name: 'Preview' }).getByText('users locked')).toBeVisible();
    },
  },
  { name: 'devices', path: of('Mia Mixed', '/devices') },
  { name: 'status', path: of('Mia Mixed'), act: show('Password'), shown: true },
  { name: 'deactivated', path: of('Ravi Rules'), act: show('Authenticator app') },
  {
    name: 'unlock',
    path: of('Mia Mixed'),
    act: async (page) => {
      await page.getByRole('row', { name: 'SMS code' }).getByRole('button', { name: 'Unlock' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
    shown: true,
  },
  {
    name: 'deactivate',
    path: of('Ravi Rules'),
    act: async (page) => {
      await show('Authenticator app')(page);
      await page.getByRole('button', { name: 'Deactivate Authenticator app everywhere' }).click();
      await page.getByRole('radio', { name: 'Until …' }).check();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Deactivate', exact: true }).click();
      await expect(page.getByText('Say why')).toBeVisible();
    },
  },
];

const sizes = { wide: { width: 1120, height: 720 }, narrow: { width: 390, height: 844 } };

for (const { name, path, act, shown } of shots) {
  test(`${name} can be looked at in both themes and two sizes`, async ({ page, open, demo }, {
    outputDir,
  }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await page.goto('about:blank');
        await open(await path(demo), demo, { subject: 'robin@example.com' });
        await expect(page.locator('.skeleton, [aria-busy=true]')).toHaveCount(0);
        await act?.(page);
        const kept = shown && size === 'wide' && process.env.UPDATE;
        const file = kept
          ? join(checkout, `docs/images/${name}-${colorScheme}.png`)
          : join(process.env.AUTHN_TEST_PICTURES ?? outputDir, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file, animations: 'disabled', caret: 'hide', scale: 'css' });
      }
    }
  });
}

test('sign-in can be looked at in both themes and two sizes', async ({ page, gateway }, { outputDir }) => {
  await page.goto(gateway.url);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const file = join(process.env.AUTHN_TEST_PICTURES ?? outputDir, `sign-in-${size}-${colorScheme}.png`);
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    }
  }
});
