import type { Page } from '@playwright/test';
import type { Tenant } from '../support/tenant.ts';
import { expect, expectAccessible, test } from '../support/test.ts';

type Place = { name: string; path: (demo: Tenant) => Promise<string>; act?: (page: Page) => Promise<void> };

const of = (name: string, rest: string) => async (demo: Tenant) =>
  `/users/${(await demo.find(name)).id}${rest}`;

/** Everything that the portal shows. */
const places: Place[] = [
  { name: 'the users', path: async () => '/users' },
  { name: 'who is found', path: async () => '/users?q=mi&locked=yes' },
  { name: 'nobody found', path: async () => '/users?q=xyzzy' },
  { name: 'what needs attention', path: async () => '/authenticators' },
  { name: 'what was never used', path: async () => '/authenticators?view=never-used' },
  { name: 'authenticators that are mixed', path: of('Mia Mixed', '/authenticators') },
  { name: 'authenticators of a suspended user', path: of('Sue Suspended', '/authenticators') },
  { name: 'a name from right to left', path: of('ليلى حداد', '/authenticators') },
  { name: 'the devices', path: of('Mia Mixed', '/devices') },
  {
    name: 'the history',
    path: of('Mia Mixed', '/history'),
  },
  { name: 'the policies', path: async () => '/policies' },
  {
    name: 'a policy that is changed',
    path: async () => '/policies',
    act: async (page) => {
      await page
        .getByRole('row', { name: 'Authenticator app' })
        .getByRole('button', { name: 'Change' })
        .click();
      const asked = page.getByRole('dialog', { name: 'Lockout of' });
      await asked.getByRole('button', { name: 'Try it on' }).click();
      await expect(asked.getByRole('region', { name: 'Preview' }).getByText('users locked')).toBeVisible();
      await asked.getByLabel('Failures in a row').first().fill('0');
      await asked.getByLabel('Reason').fill('a mistake');
      await asked.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(asked.locator('[aria-invalid=true]')).toBeVisible();
    },
  },
  {
    name: 'what is behind a status',
    path: of('Mia Mixed', '/authenticators'),
    act: async (page) => {
      await page
        .getByRole('row', { name: 'Password' })
        .getByRole('button', { name: 'show each app' })
        .click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'a question before an action',
    path: of('Ravi Rules', '/authenticators'),
    act: async (page) => {
      await page
        .getByRole('row', { name: 'Authenticator app' })
        .getByRole('button', { name: 'show each app' })
        .click();
      await page.getByRole('button', { name: 'Deactivate Authenticator app everywhere' }).click();
      await page.getByRole('radio', { name: 'Until …' }).check();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Deactivate', exact: true }).click();
      await expect(page.getByText('Say why')).toBeVisible();
    },
  },
  {
    name: 'a question about a user',
    path: of('Mia Mixed', '/authenticators'),
    act: async (page) => {
      await page.getByRole('button', { name: 'Suspend' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

/** Wider than it is: nothing of the page is reached by scrolling to the side. */
async function expectNoSideways(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll('body, dialog[open], main')].filter(
      (element) => element.scrollWidth > element.clientWidth + 1,
    );
    return {
      page: Math.max(0, root.scrollWidth - root.clientWidth),
      wide: wide.map((element) => element.outerHTML.slice(0, 80)),
    };
  });
  expect(beyond).toEqual({ page: 0, wide: [] });
}

for (const { name, path, act } of places) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(() => {
      test.use({ colorScheme });

      test(`axe finds nothing: ${name}, ${colorScheme}`, async ({ page, open, demo }) => {
        await open(await path(demo), demo);
        await act?.(page);
        await expect(page.locator('.skeleton, [aria-busy=true]')).toHaveCount(0);
        await expectAccessible(page);
      });
    });
  }

  test(`from 320 pixels to 4K nothing is cut off or scrolls sideways: ${name}`, async ({
    page,
    open,
    demo,
  }) => {
    await open(await path(demo), demo);
    await act?.(page);
    await expect(page.locator('.skeleton, [aria-busy=true]')).toHaveCount(0);
    for (const width of [320, 375, 600, 768, 1024, 1280, 1920, 3840]) {
      await page.setViewportSize({ width, height: width < 700 ? 640 : 900 });
      await test.step(`${width} pixels`, () => expectNoSideways(page));
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(() => {
    test.use({ colorScheme });

    test(`axe finds nothing: sign-in, ${colorScheme}`, async ({ page, gateway }) => {
      await page.goto(gateway.url);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 320, height: 480 });
      await expectNoSideways(page);
    });
  });
}

test('the whole way, from finding a user to the unlocked password, with the keyboard alone', async ({
  page,
  open,
  tenant,
}) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
  await tenant.user('Grace Hopper');
  const press = (key: string) => page.keyboard.press(key);
  /** Goes on with the tabulator until it is there; what has the focus must be seen. */
  const tabTo = async (name: RegExp) => {
    await expect(async () => {
      await press('Tab');
      const focused = page.locator('*:focus');
      await expect(focused).toHaveAccessibleName(name, { timeout: 1 });
    }).toPass({ intervals: [0] });
    const seen = await page.locator('*:focus').evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
    });
    expect(seen, `one sees that ${name} has the focus`).toBe(true);
  };

  await open('/users');
  await page.keyboard.type('ada');
  await expect(page.getByRole('rowheader')).toHaveText([/Ada Lovelace/]);
  await tabTo(/Ada Lovelace/);
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  await tabTo(/Locked.*Password.*show each app/);
  await press('Enter');
  await expect(page.getByRole('dialog', { name: 'Password' })).toBeVisible();
  await tabTo(/Unlock Password in Shop/);
  await press('Enter');
  await expect(page.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('caller proved who she is');
  await press('Enter');
  const done = page.getByRole('dialog', { name: 'Unlock password' });
  await expect(done).toContainText('Done: 1 change.');
  await expect(done.locator('footer').getByRole('button', { name: 'Close' })).toBeFocused();
  await press('Enter');
  await expect(done).toBeHidden();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(
    page.getByRole('row', { name: 'Password' }).getByRole('button', { name: 'show each app' }),
  ).toBeFocused();
  expect(await ada.statuses('password')).toEqual({ Shop: 'registered' });
});

test('the first stop of the tabulator skips to the content', async ({ page, open, demo }) => {
  const mia = await demo.find('Mia Mixed');
  await open(`/users/${mia.id}`, demo);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('whoever goes to another view is at its heading, and the title of the window says it', async ({
  page,
  open,
  demo,
}) => {
  await open('/authenticators', demo);
  await expect(page).toHaveTitle('Needs attention · Authenticators');
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('searchbox').fill('mia mixed');
  await page.getByRole('link', { name: 'Mia Mixed' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle('Mia Mixed · Authenticators');
});

test('a screen reader is told the table, the rows and what each button is for', async ({
  page,
  open,
  demo,
}) => {
  const ravi = await demo.find('Ravi Rules');
  await open(`/users/${ravi.id}`, demo);
  await expect(page.getByRole('table', { name: 'Authenticators' })).toMatchAriaSnapshot(`
    - table "Authenticators":
      - rowgroup:
        - row:
          - columnheader "Method"
          - columnheader "App"
          - columnheader "Status"
          - columnheader "Last used"
          - columnheader "Registered"
          - columnheader "Actions"
      - rowgroup:
        - row /Authenticator app/:
          - rowheader "Authenticator app"
          - cell "Multiple"
          - cell:
            - 'button "Mixed Authenticator app: show each app"'
          - cell
          - cell
          - cell:
            - button "Unlock Authenticator app"
            - button "Reactivate Authenticator app"
  `);
});

test('a user with 200 authenticators is there as a whole', async ({ page, open, tenant }) => {
  const ada = await tenant.user('Ada Lovelace');
  await ada.devices(200, 'passkey', 'Shop');
  await open(`/users/${ada.id}`);
  await expect(page.getByRole('table', { name: 'Authenticators' }).getByRole('rowheader')).toHaveCount(200);
  await expect(page.getByRole('status').filter({ hasText: '200 authenticators' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Method' }).selectOption('Passkey');
  await page.getByRole('row').last().getByRole('button', { name: 'show each app' }).click();
  await expect(page.getByRole('dialog', { name: 'Passkey' })).toContainText('Registered');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page);
});

test('a name and a reason from right to left leave the words around them in order', async ({
  page,
  open,
  tenant,
}) => {
  const layla = await tenant.user('ليلى حداد', { email: 'layla@example.com' });
  await layla.suspend('بلاغ عن سرقة');
  await open(`/users/${layla.id}`);
  const directions = (text: string) =>
    page
      .getByText(text, { exact: true })
      .evaluateAll((found) =>
        found
          .filter((element) => element.checkVisibility())
          .map((element) => [getComputedStyle(element).direction, getComputedStyle(element).unicodeBidi]),
      );
  for (const text of ['ليلى حداد', 'بلاغ عن سرقة']) {
    const found = await directions(text);
    expect(found.length).toBeGreaterThan(0);
    for (const direction of found) expect(direction, text).toEqual(['rtl', 'isolate']);
  }
});

test.describe('nothing jumps', () => {
  for (const width of [375, 1280]) {
    test(`while the answers come, at ${width} pixels`, async ({ page, open, demo }) => {
      await page.setViewportSize({ width, height: 800 });
      // What moved without anybody's doing, as the browser measures it.
      await page.addInitScript(() => {
        const moved: string[] = [];
        Object.assign(window, { moved });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
            sources: { node: Element | null }[];
          })[]) {
            if (entry.hadRecentInput) continue;
            const sources = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 60) ?? node?.nodeName);
            moved.push(`${entry.value.toFixed(4)} ${sources.join(' | ')}`);
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      const mia = await demo.find('Mia Mixed');
      for (const path of [
        '/users',
        '/authenticators',
        '/policies',
        `/users/${mia.id}`,
        `/users/${mia.id}/history`,
      ]) {
        // Each answer comes after the page has shown that it waits.
        await page.route('**/graphql', async (route) => {
          const waits = page.getByRole('status').filter({ hasText: 'Loading' });
          await waits.first().waitFor();
          await route.continue();
        });
        await open(path, demo);
        await expect(page.locator('.skeleton')).toHaveCount(0);
        await page.unrouteAll({ behavior: 'wait' });
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        const moved = await page.evaluate(() => (window as unknown as { moved: string[] }).moved);
        expect.soft(moved, path).toEqual([]);
        await page.goto('about:blank');
      }
    });
  }
});

test.describe('what goes wrong is told in words', () => {
  test.use({ tolerated: /Failed to load resource/ });

  test('no answer: what happened, and a button to try again', async ({ page, gateway, tenant }) => {
    await tenant.user('Ada Lovelace');
    await page.route('**/graphql', (route) => route.abort());
    await page.goto(`${gateway.url}/users#token=${gateway.token(tenant.id)}`);
    await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('rowheader')).toHaveText([/Ada Lovelace/]);
  });

  test('an error of the service: its request id, to tell somebody', async ({ page, open, tenant }) => {
    const ada = await tenant.user('Ada Lovelace');
    await open('/users');
    await page.route('**/graphql', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/graphql-response+json',
        body: JSON.stringify({
          errors: [{ message: 'x', extensions: { code: 'INTERNAL', requestId: 'r-4711' } }],
        }),
      }),
    );
    await page.getByRole('link', { name: 'Ada Lovelace' }).click();
    await expect(page.getByRole('alert')).toContainText('Something went wrong in the service');
    await expect(page.getByRole('alert')).toContainText('r-4711');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
    await expect(page).toHaveURL(new RegExp(`/users/${ada.id}`));
  });

  test('what was shown stays when it cannot be refreshed', async ({ page, open, tenant }) => {
    await tenant.user('Ada Lovelace');
    await open('/users');
    await expect(page.getByRole('rowheader')).toHaveText([/Ada Lovelace/]);
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('searchbox').fill('ada');
    await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
    await expect(page.getByRole('searchbox')).toHaveValue('ada');
  });
});

test('a user who is not there, or of somebody else, is not found', async ({ page, open, tenant, demo }) => {
  const mia = await demo.find('Mia Mixed');
  for (const id of [mia.id, '00000000-0000-4000-8000-000000000000']) {
    await open(`/users/${id}`, tenant);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
    await page.goto('about:blank');
  }
});

test('an id that is none is told so', async ({ page, open }) => {
  await open('/users/nonsense');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
});

test('a tenant without users, a user without authenticators or devices say so', async ({
  page,
  open,
  tenant,
}) => {
  await open('/users');
  await expect(page.getByText('Nobody is found')).toBeVisible();
  const ada = await tenant.user('Ada Lovelace');
  await page.goto('about:blank');
  await open(`/users/${ada.id}`);
  await expect(page.getByText('No authenticators yet')).toBeVisible();
  await page.getByRole('link', { name: 'Devices' }).click();
  await expect(page.getByText('No devices')).toBeVisible();
});

test('the script is at most 60 kB as it is sent, and everything comes from the gateway', async ({
  page,
  open,
  gateway,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await open('/users');
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map((entry) => (entry as PerformanceResourceTiming).encodedBodySize),
  );
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60_000);
  expect(new Set(asked)).toEqual(new Set([gateway.url]));
});

test('the content security policy lets nothing in but the portal itself', async ({ page, gateway }) => {
  const response = await page.goto(gateway.url);
  const policy = response?.headers()['content-security-policy'] ?? '';
  const rules = Object.fromEntries(
    policy.split(';').map((rule) => {
      const [name = '', ...values] = rule.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
  expect(rules).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
  });
});
