import type { AuthenticatorInTabFragment as Authenticator, AuthenticatorStatus } from '../graphql/generated';

type Context = Authenticator['contexts'][number];

const apps = { Shop: 'shop', Wallet: 'wallet', Desk: 'desk' } as const;
export type AppName = keyof typeof apps;

/** An authenticator for tests: what is said of it, and the plainest for the rest. */
export function authenticator(
  said: Partial<Authenticator> & Pick<Authenticator, 'method' | 'scope'>,
  contexts: Partial<Record<AppName, AuthenticatorStatus>> = {},
): Authenticator {
  return {
    id: `${said.method} ${said.device?.name ?? ''}`,
    uuid: '00000000-0000-0000-0000-000000000001',
    name: null,
    identifier: null,
    provider: null,
    status: 'ACTIVE',
    statusCounts: [],
    appLabel: null,
    device: null,
    lockedUntil: null,
    lockedIndefinitely: false,
    deactivatedUntil: null,
    deactivatedIndefinitely: false,
    registeredAt: '2026-01-01T00:00:00Z',
    lastSuccessAt: null,
    lastApp: null,
    lastDevice: null,
    availableActions: [],
    contexts: Object.entries(contexts).map(([name, status]) =>
      context(name as AppName, status, said.device ?? null),
    ),
    ...said,
  };
}

function context(name: AppName, status: AuthenticatorStatus, device: Authenticator['device']): Context {
  return {
    app: { id: name, uuid: apps[name], name },
    device,
    available: true,
    status,
    registeredAt: '2026-01-01T00:00:00Z',
    lastSuccessAt: null,
    lastFailureAt: null,
    lastDevice: null,
    failures: 0,
    lockedSince: null,
    lockedUntil: null,
    lockedIndefinitely: status === 'LOCKED',
    deactivatedSince: null,
    deactivatedUntil: null,
    deactivatedIndefinitely: status === 'DEACTIVATED',
    reason: null,
    availableActions: status === 'LOCKED' ? ['UNLOCK'] : [],
  };
}

export function device(name: string): NonNullable<Authenticator['device']> {
  return { id: name, uuid: name, name, platform: null };
}

export function app(name: AppName, methods: Authenticator['method'][] = []) {
  return { uuid: apps[name], name, methods };
}
