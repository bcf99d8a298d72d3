import { begin, endOf } from './session';
import type { Settings } from './settings';

type Issuer = NonNullable<Settings['signIn']>;
type Endpoints = { issuer: string; authorization_endpoint: string; token_endpoint: string };
/** What must outlive the way to the issuer and back. No token is among it. */
type Pending = { state: string; verifier: string; back: string };

const PENDING = 'pg_authn:sign-in';
const AHEAD = 60_000;

export const redirectAddress = () => `${location.origin}/signed-in`;

/** Leaves for the issuer (OpenID Connect Core §3.1, with PKCE: RFC 7636). Comes back to `/signed-in`. */
export async function signIn(issuer: Issuer, prompt?: 'none'): Promise<void> {
  const { authorization_endpoint } = await discover(issuer);
  const pending: Pending = {
    state: random(),
    verifier: random(),
    back: location.pathname === '/signed-in' ? '/users' : location.pathname + location.search,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const address = new URL(authorization_endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: issuer.clientId,
    redirect_uri: redirectAddress(),
    scope: issuer.scope,
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
  })) {
    address.searchParams.set(name, value);
  }
  location.assign(address);
}

/** Back from the issuer: changes the code for a token, and goes where the user was. */
export async function finishSignIn(issuer: Issuer): Promise<void> {
  const answer = new URLSearchParams(location.search);
  const pending = takePending();
  history.replaceState(null, '', pending?.back ?? '/users');
  if (!pending || answer.get('state') !== pending.state) {
    throw new Error('This answer does not belong to a sign-in that was begun here.');
  }
  const endpoints = await discover(issuer);
  // RFC 9207: an answer of another issuer is none.
  const from = answer.get('iss');
  if (from !== null && from !== endpoints.issuer) throw new Error('Another issuer has answered.');
  const code = answer.get('code');
  if (!code)
    throw new Error(
      answer.get('error_description') ?? answer.get('error') ?? 'There is no code in the answer.',
    );
  await exchange(issuer, endpoints, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectAddress(),
    code_verifier: pending.verifier,
  });
}

async function exchange(issuer: Issuer, endpoints: Endpoints, grant: Record<string, string>): Promise<void> {
  const response = await fetch(endpoints.token_endpoint, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ ...grant, client_id: issuer.clientId }),
  });
  const tokens = await response.json();
  if (!response.ok || typeof tokens.access_token !== 'string') {
    throw new Error(tokens.error_description ?? tokens.error ?? 'The issuer gave no token.');
  }
  begin(tokens.access_token);
  const end = tokens.expires_in ? Date.now() + tokens.expires_in * 1000 : endOf(tokens.access_token);
  if (typeof tokens.refresh_token !== 'string' || end === null) return;
  const refresh = () =>
    exchange(issuer, endpoints, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }).catch(
      () => {
        // The token that there is serves until its end; then the user is asked to sign in again.
      },
    );
  setTimeout(refresh, Math.max(1000, end - Date.now() - AHEAD));
}

async function discover(issuer: Issuer): Promise<Endpoints> {
  const response = await fetch(`${issuer.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`The issuer does not say where to sign in (${response.status}).`);
  return await response.json();
}

function takePending(): Pending | null {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text ? JSON.parse(text) : null;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
