import type { AuthenticatorInTabFragment as Authenticator, AuthenticatorMethod } from '../graphql/generated';
import { list } from '../ui/words';

type App = { uuid: string; name: string; methods: AuthenticatorMethod[] };
/** What would be blocked: some authenticators, everywhere or in one app. */
export type Blocked = { ids: string[]; app: string | null };

/** The apps in which the authenticator can be used now. */
export function usableIn(authenticator: Authenticator, apps: App[]): string[] {
  const { contexts, scope, method } = authenticator;
  const good = contexts
    .filter(({ available, status }) => available && (status === 'ACTIVE' || status === 'REGISTERED'))
    .map(({ app }) => app.uuid);
  const blocked =
    authenticator.deactivatedIndefinitely ||
    authenticator.deactivatedUntil !== null ||
    authenticator.lockedIndefinitely ||
    authenticator.lockedUntil !== null;
  if (scope !== 'GLOBAL_USER' || blocked) return good;
  // A global one works in every app that offers its method, from before its first use there.
  const used = new Set(contexts.map(({ app }) => app.uuid));
  const unused = apps.filter(({ uuid, methods }) => methods.includes(method) && !used.has(uuid));
  return [...good, ...unused.map(({ uuid }) => uuid)];
}

/** A warning where a block would leave the user no usable way to sign in, anywhere or in some app. */
export function lossOf(blocked: Blocked, all: Authenticator[], apps: App[], user: string): string | null {
  const before = new Set(all.flatMap((one) => usableIn(one, apps)));
  const after = new Set(
    all.flatMap((one) =>
      usableIn(one, apps).filter(
        (app) => !(blocked.ids.includes(one.id) && (blocked.app === null || blocked.app === app)),
      ),
    ),
  );
  if (before.size > 0 && after.size === 0) return `This leaves ${user} no usable way to sign in.`;
  const lost = apps.filter(({ uuid }) => before.has(uuid) && !after.has(uuid)).map(({ name }) => name);
  return lost.length > 0 ? `This leaves ${user} no usable way to sign in to ${list(lost)}.` : null;
}
