import type { AuthenticatorMethod, EventInTimelineFragment as Event, EventKind } from '../graphql/generated';
import { methodInSentence, methodName } from '../ui/words';

type Words = (method: string, where: string, within: string) => string;

/** What an event is called: the method begins the line, or stands within it. */
const words: Record<EventKind, Words> = {
  REGISTERED: (method, where) => `${method} registered${where}`,
  REMOVED: (method, where) => `${method} removed${where}`,
  ATTEMPT_SUCCEEDED: (_, where, within) => `Signed in${where} with ${within}`,
  ATTEMPT_FAILED: (method, where) => `${method} was wrong${where}`,
  ATTEMPT_REFUSED: (method, where) => `${method} was refused${where}`,
  LOCKED: (method, where) => `${method} locked${where}`,
  LOCK_EXPIRED: (method, where) => `Lock of ${method} ran out${where}`,
  UNLOCKED: (method, where) => `${method} unlocked${where}`,
  DEACTIVATED: (method, where) => `${method} deactivated${where}`,
  DEACTIVATION_EXPIRED: (method, where) => `Deactivation of ${method} ran out${where}`,
  REACTIVATED: (method, where) => `${method} reactivated${where}`,
  USER_SUSPENDED: () => 'User suspended',
  USER_REINSTATED: () => 'User reinstated',
  POLICY_CHANGED: (method) => `Lockout policy of ${method} changed`,
};

/** Kinds that are looked for together. */
export const groups = [
  { value: 'sign-ins', name: 'Sign-ins', kinds: ['ATTEMPT_SUCCEEDED', 'ATTEMPT_FAILED', 'ATTEMPT_REFUSED'] },
  { value: 'locks', name: 'Locks', kinds: ['LOCKED', 'LOCK_EXPIRED', 'UNLOCKED'] },
  {
    value: 'blocks',
    name: 'Deactivation and suspension',
    kinds: ['DEACTIVATED', 'DEACTIVATION_EXPIRED', 'REACTIVATED', 'USER_SUSPENDED', 'USER_REINSTATED'],
  },
  { value: 'registration', name: 'Registration', kinds: ['REGISTERED', 'REMOVED'] },
] as const satisfies { value: string; name: string; kinds: EventKind[] }[];

/** How an event is coloured: as the status that it leads to. */
export const tone: Record<EventKind, string> = {
  REGISTERED: 'registered',
  REMOVED: 'plain',
  ATTEMPT_SUCCEEDED: 'active',
  ATTEMPT_FAILED: 'plain',
  ATTEMPT_REFUSED: 'plain',
  LOCKED: 'locked',
  LOCK_EXPIRED: 'active',
  UNLOCKED: 'active',
  DEACTIVATED: 'deactivated',
  DEACTIVATION_EXPIRED: 'active',
  REACTIVATED: 'active',
  USER_SUSPENDED: 'deactivated',
  USER_REINSTATED: 'active',
  POLICY_CHANGED: 'plain',
};

export function eventInWords({
  kind,
  method,
  app,
  device,
}: Pick<Event, 'kind' | 'method' | 'app' | 'device'>): string {
  const subject = method === null && device && kind !== 'USER_SUSPENDED' ? device.name : nameOf(method);
  const where = app ? `${kind === 'ATTEMPT_SUCCEEDED' ? ' to' : ' in'} ${app.name}` : '';
  const sentence = words[kind](subject, where, method ? methodInSentence(method) : subject);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function nameOf(method: AuthenticatorMethod | null): string {
  return method === null ? 'Everything' : methodName[method];
}

/** What the details of an event say that is worth a line. */
export type Details = {
  /** How many more refusals there were after this one. */
  further: number;
  /** Until when it locks or blocks: an instant, or without end. */
  until: string | 'endless' | null;
  /** Which policy locked. */
  policy: string | null;
};

const owner: Record<string, string> = {
  app: 'the app’s policy',
  tenant: 'the tenant’s policy',
  default: 'the built-in policy',
};

/** Reads what `authn.events` has in `details`; whatever it does not know is left out. */
export function detailsOf(details: unknown): Details {
  const { further, until, cause, tier, failures, policy_source, policy_version } = (details ?? {}) as Record<
    string,
    unknown
  >;
  const version =
    typeof policy_version === 'number' && policy_version > 0 ? `, version ${policy_version}` : '';
  const policy =
    typeof policy_source === 'string' ? `${owner[policy_source] ?? policy_source}${version}` : null;
  const step =
    cause === 'hard_cap' ? 'the hard cap' : [tier ? `step ${tier} of` : '', policy].filter(Boolean).join(' ');
  return {
    further: typeof further === 'number' ? further : 0,
    until: until === 'infinity' ? 'endless' : typeof until === 'string' ? until : null,
    policy: typeof failures === 'number' && step ? `${failures} in a row: ${step}` : null,
  };
}
