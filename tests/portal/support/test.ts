import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Database } from './database.ts';
import { type Bearer, Gateway } from './gateway.ts';
import { Tenant } from './tenant.ts';

export { expect } from '@playwright/test';

type Fixtures = {
  /** What the console may say in this test; anything else of weight fails it. */
  tolerated: RegExp;
  /** What the console said, and what of it nobody tolerates. */
  complaints: string[];
  /** A tenant that only this test has. */
  tenant: Tenant;
  /** The demo tenant, to look at. */
  demo: Tenant;
  /** Opens an address of the portal, signed in. */
  open: (path: string, whose?: Tenant, bearer?: Bearer) => Promise<void>;
};

type Shared = { database: Database; gateway: Gateway };

export const test = base.extend<Fixtures, Shared>({
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: what a fixture needs is read from its pattern
    async ({}, use) => {
      const database = new Database();
      await use(database);
      await database.close();
    },
    { scope: 'worker' },
  ],

  gateway: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const gateway = await Gateway.start();
      await use(gateway);
      await gateway.stop();
    },
    { scope: 'worker' },
  ],

  tolerated: [/(?!)/, { option: true }],

  complaints: [
    async ({ context, tolerated }, use) => {
      const complaints: string[] = [];
      const say = (text: string) => {
        if (!tolerated.test(text)) complaints.push(text);
      };
      // A violation of the content security policy is an error in the console too.
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) say(`${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => say(String(error.error())));
      await use(complaints);
      expect(complaints, 'the console is silent').toEqual([]);
    },
    { auto: true },
  ],

  tenant: async ({ database }, use, { title }) => {
    await use(await Tenant.create(database, title.slice(0, 60)));
  },

  demo: async ({ database }, use) => {
    await use(await Tenant.demo(database));
  },

  open: async ({ page, gateway, tenant }, use) => {
    await use(async (path, whose = tenant, bearer = {}) => {
      await page.goto(`${gateway.url}${path}#token=${gateway.token(whose.id, bearer)}`);
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
    });
  },
});

/** WCAG 2.2 AA and what is good practice besides, as far as a program can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
  }));
  expect(told, `axe at ${page.url()}`).toEqual([]);
}
