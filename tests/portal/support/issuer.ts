import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { form, Site } from './http.ts';

type Grant = { challenge: string; redirect: string };

/**
 * As much of an OpenID provider as the code flow with PKCE needs (OpenID Connect Core §3.1, RFC 7636), and as
 * strict: a code is good once, for the address and the verifier that it was asked with.
 */
export class Issuer {
  readonly clientId = 'portal';
  /** What was asked of it, in order: "authorize", "token authorization_code", … */
  readonly asked: string[] = [];
  /** How long its tokens live, in seconds. */
  lifetime = 3600;
  /** Whether the person at the issuer says no. */
  refuses = false;
  readonly #tenant: string;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #codes = new Map<string, Grant>();
  readonly #refreshes = new Set<string>();
  #site: Site | null = null;

  private constructor(tenant: string) {
    this.#tenant = tenant;
  }

  static async start(tenant: string): Promise<Issuer> {
    const issuer = new Issuer(tenant);
    issuer.#site = await Site.start((request, response) => {
      void issuer.#answer(request, response);
    });
    return issuer;
  }

  get url(): string {
    return this.#site?.url ?? '';
  }

  async stop(): Promise<void> {
    await this.#site?.stop();
  }

  /** The settings of a gateway that lets people sign in here. */
  settings(): Record<string, string> {
    return {
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: this.clientId,
      JWKS_URL: `${this.url}/keys`,
      JWT_ISSUER: this.url,
      JWT_AUDIENCE: 'pg_authn',
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', this.url);
    response.setHeader('access-control-allow-origin', '*');
    switch (address.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/keys`,
          code_challenge_methods_supported: ['S256'],
        });
      case '/keys':
        return json(response, 200, {
          keys: [{ ...this.#key.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }],
        });
      case '/authorize':
        return this.#authorize(address.searchParams, response);
      case '/token':
        return this.#token(await form(request), response);
      default:
        response.writeHead(404).end();
    }
  }

  /** Whoever comes is signed in here already. */
  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    this.asked.push('authorize');
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', this.url);
    if (this.refuses) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'You are not in the support team.');
    } else if (
      asked.get('response_type') === 'code' &&
      asked.get('client_id') === this.clientId &&
      asked.get('code_challenge_method') === 'S256' &&
      (asked.get('scope') ?? '').split(' ').includes('openid')
    ) {
      const code = randomUUID();
      this.#codes.set(code, {
        challenge: asked.get('code_challenge') ?? '',
        redirect: asked.get('redirect_uri') ?? '',
      });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'invalid_request');
    }
    response.writeHead(302, { location: back.href }).end();
  }

  #token(asked: URLSearchParams, response: ServerResponse): void {
    const grant = asked.get('grant_type') ?? '';
    this.asked.push(`token ${grant}`);
    const good = grant === 'refresh_token' ? this.#refresh(asked) : this.#redeem(asked);
    if (!good || asked.get('client_id') !== this.clientId) {
      json(response, 400, { error: 'invalid_grant', error_description: 'This code is no good.' });
      return;
    }
    const refresh = randomUUID();
    this.#refreshes.add(refresh);
    json(response, 200, {
      access_token: this.#accessToken(),
      token_type: 'Bearer',
      expires_in: this.lifetime,
      refresh_token: refresh,
    });
  }

  #redeem(asked: URLSearchParams): boolean {
    const grant = this.#codes.get(asked.get('code') ?? '');
    this.#codes.delete(asked.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    return grant?.challenge === challenge && grant.redirect === asked.get('redirect_uri');
  }

  #refresh(asked: URLSearchParams): boolean {
    return this.#refreshes.delete(asked.get('refresh_token') ?? '');
  }

  #accessToken(): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: this.url,
      aud: 'pg_authn',
      sub: 'sam@help.example',
      iat: now,
      nbf: now,
      exp: now + this.lifetime,
      tenant: this.#tenant,
      role: 'support',
    };
    const signed = `${part({ alg: 'ES256', typ: 'JWT', kid: 'one' })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), {
      key: this.#key.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
