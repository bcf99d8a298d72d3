import type { Page } from '@playwright/test';
import { Gateway } from '../support/gateway.ts';
import { Site } from '../support/http.ts';
import { Issuer } from '../support/issuer.ts';
import { expect, test } from '../support/test.ts';

/** Whatever the browser keeps beyond the page. */
async function kept(page: Page): Promise<string> {
  const inside = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  return inside + JSON.stringify(await page.context().storageState({ indexedDB: true }));
}

const signedInAs = (page: Page, subject: string) => page.getByRole('banner').getByText(subject);

test.describe('by a token in the link', () => {
  test('one is signed in, and it is gone from the address and the history', async ({
    page,
    gateway,
    tenant,
  }) => {
    const token = gateway.token(tenant.id);
    await page.goto(`${gateway.url}/users?q=x#token=${token}`);
    await expect(signedInAs(page, 'robin@example.com')).toBeVisible();
    await expect(page).toHaveURL(`${gateway.url}/users?q=x`);
    await page.getByRole('link', { name: 'Needs attention' }).click();
    await page.goBack();
    await expect(page).toHaveURL(`${gateway.url}/users?q=x`);
  });

  test('the token is nowhere but in the memory of the page', async ({ page, gateway, open, tenant }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await open('/users');
    await expect(signedInAs(page, 'robin@example.com')).toBeVisible();
    const token = gateway.token(tenant.id);
    const claims = token.split('.')[1] ?? '';
    expect(await kept(page)).not.toContain(claims.slice(0, 40));
    expect(asked.filter((address) => address.includes(claims.slice(0, 40)))).toEqual([]);
    await page.reload();
    await expect(page.getByLabel('Access token')).toBeVisible();
  });

  test('one may also paste it', async ({ page, gateway, tenant }) => {
    await page.goto(gateway.url);
    await page.getByLabel('Access token').fill(gateway.token(tenant.id));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(signedInAs(page, 'robin@example.com')).toBeVisible();
  });

  test('signing out forgets it', async ({ page, open }) => {
    await open('/users');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByLabel('Access token')).toBeVisible();
    await expect(page.getByRole('table')).toHaveCount(0);
  });

  test.describe('that is no good', () => {
    test.use({ tolerated: /Failed to load resource.*401/ });

    test('the page says so and asks for another', async ({ page, gateway, tenant }) => {
      await page.goto(`${gateway.url}/users#token=no.good.token`);
      const again = page.getByRole('dialog', { name: 'Sign in again' });
      await expect(again).toBeVisible();
      await again.getByLabel('Access token').fill(gateway.token(tenant.id));
      await again.getByRole('button', { name: 'Sign in' }).click();
      await expect(again).toBeHidden();
      await expect(signedInAs(page, 'robin@example.com')).toBeVisible();
    });

    test('when it has run out, what one was doing stays and goes on', async ({
      page,
      gateway,
      open,
      tenant,
    }) => {
      const ada = await tenant.user('Ada Lovelace');
      await ada.fails(await ada.register('password', { app: 'Shop' }), 'Shop', 5);
      await open(`/users/${ada.id}`);
      await page
        .getByRole('row')
        .filter({ hasText: 'Password' })
        .getByRole('button', { name: 'Unlock' })
        .click();
      await page.getByLabel('Reason').fill('caller proved who she is');
      await page.route('**/graphql', (route) =>
        route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer run.out.token' } }),
      );
      const asked = page.getByRole('dialog', { name: 'Unlock password' });
      await asked.getByRole('button', { name: 'Unlock', exact: true }).click();
      const again = page.getByRole('dialog', { name: 'Sign in again' });
      await expect(again).toBeVisible();
      await page.unrouteAll();
      await again.getByLabel('Access token').fill(gateway.token(tenant.id));
      await again.getByRole('button', { name: 'Sign in' }).click();
      await expect(again).toBeHidden();
      await expect(asked.getByLabel('Reason')).toHaveValue('caller proved who she is');
      await asked.getByRole('button', { name: 'Unlock', exact: true }).click();
      await expect(asked).toContainText('Done');
    });
  });
});

test.describe('by OpenID Connect', () => {
  let issuer: Issuer;
  let gateway: Gateway;

  test.beforeEach(async ({ tenant }) => {
    issuer = await Issuer.start(tenant.id);
    gateway = await Gateway.start(issuer.settings());
  });

  test.afterEach(async ({ page }) => {
    // Before the gateway, whose end it would complain about.
    await page.close();
    await gateway.stop();
    await issuer.stop();
  });

  test('one signs in at the issuer and comes back to where one was', async ({ page, tenant }) => {
    const ada = await tenant.user('Ada Lovelace');
    await page.goto(`${gateway.url}/users/${ada.id}/devices`);
    await page.getByRole('button', { name: `Sign in with ${new URL(issuer.url).host}` }).click();
    await expect(signedInAs(page, 'sam@help.example')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
    await expect(page).toHaveURL(`${gateway.url}/users/${ada.id}/devices`);
    expect(issuer.asked).toEqual(['authorize', 'token authorization_code']);
  });

  test('no token stays in the browser', async ({ page }) => {
    await page.goto(gateway.url);
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await expect(signedInAs(page, 'sam@help.example')).toBeVisible();
    expect(await kept(page)).not.toMatch(/eyJ|refresh|verifier/);
  });

  test('a token is renewed before it ends, without a word', async ({ page }) => {
    // The page renews a minute ahead: at once.
    issuer.lifetime = 61;
    await page.goto(gateway.url);
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await expect(signedInAs(page, 'sam@help.example')).toBeVisible();
    await expect.poll(() => issuer.asked).toContain('token refresh_token');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('when the issuer says no, its words are on the page', async ({ page }) => {
    issuer.refuses = true;
    await page.goto(gateway.url);
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await expect(page.getByRole('alert')).toHaveText('You are not in the support team.');
    issuer.refuses = false;
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await expect(signedInAs(page, 'sam@help.example')).toBeVisible();
  });

  test('an answer to a sign-in that nobody began here is refused', async ({ page }) => {
    await page.goto(`${gateway.url}/signed-in?code=stolen&state=guessed`);
    await expect(page.getByRole('alert')).toHaveText(/does not belong to a sign-in that was begun here/);
    expect(issuer.asked).toEqual([]);
  });
});

test.describe('by the page that embeds the portal', () => {
  /** A page with the portal in a frame, which answers when the portal asks for a token. */
  async function embedder(portal: () => string, token: string): Promise<Site> {
    return await Site.start((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Console</title>
        <link rel="icon" href="data:,">
        <iframe title="Authenticators" src="${portal()}/users" width="1100" height="700"></iframe>
        <script>
          addEventListener('message', ({ source, origin, data }) => {
            if (origin === '${portal()}' && data.type === 'pg_authn:token-wanted')
              source.postMessage({ type: 'pg_authn:token', token: '${token}' }, origin);
          });
        </script>`);
    });
  }

  test('a page that the gateway knows hands over the token', async ({ page, gateway: signer, tenant }) => {
    await tenant.user('Ada Lovelace');
    const token = signer.token(tenant.id, { subject: 'sam@help.example' });
    const site = await embedder(() => gateway.url, token);
    const gateway = await Gateway.start({ PORTAL_EMBEDDERS: site.url });
    await page.goto(site.url);
    const portal = page.frameLocator('iframe');
    await expect(portal.getByRole('banner').getByText('sam@help.example')).toBeVisible();
    await expect(portal.getByRole('rowheader')).toHaveText([/Ada Lovelace/]);
    await page.close();
    await gateway.stop();
    await site.stop();
  });

  test.describe('that the gateway does not know', () => {
    test.use({ tolerated: /frame-ancestors|X-Frame-Options/ });

    test('a page cannot show it', async ({ page, gateway, tenant }) => {
      const site = await embedder(() => gateway.url, gateway.token(tenant.id));
      const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
      await page.goto(site.url);
      await refused;
      await expect(page.frameLocator('iframe').getByRole('main')).toHaveCount(0);
      await site.stop();
    });
  });
});
