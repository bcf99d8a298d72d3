import type { LockoutPolicySetInput, PolicyFragment as Policy } from '../graphql/generated';

/** Units that a duration is entered in, and their seconds. */
export const units = { minutes: 60, hours: 3600, days: 86_400, seconds: 1 } as const;
export type Unit = keyof typeof units;

/** A duration as it is entered; null: without end. */
export type Entered = { amount: string; unit: Unit } | null;

export type Draft = {
  tiers: { failures: string; duration: Entered }[];
  window: Entered;
  thenPermanent: boolean;
};

export function draftOf({ tiers, failuresExpireAfterSeconds, thenPermanent }: Policy): Draft {
  return {
    tiers: tiers.map(({ failures, durationSeconds }) => ({
      failures: String(failures),
      duration: entered(durationSeconds),
    })),
    window: entered(failuresExpireAfterSeconds),
    thenPermanent,
  };
}

/** What is sent. What is no number is sent as 0, which the server has words for. */
export function inputOf(draft: Draft): Omit<LockoutPolicySetInput, 'method' | 'appId' | 'reason'> {
  return {
    tiers: draft.tiers.map(({ failures, duration }) => ({
      failures: whole(failures),
      durationSeconds: seconds(duration),
    })),
    failuresExpireAfterSeconds: seconds(draft.window),
    thenPermanent: draft.thenPermanent,
  };
}

/** The step that would come next: twice the failures, twice as long. */
export function nextTier(draft: Draft): Draft['tiers'][number] {
  const last = draft.tiers.at(-1);
  const failures = String((whole(last?.failures ?? '0') || 5) * 2);
  const duration = last?.duration && { ...last.duration, amount: String(whole(last.duration.amount) * 2) };
  return { failures, duration: duration ?? { amount: '1', unit: 'hours' } };
}

/** In the largest unit that leaves a whole number. */
function entered(total: number | null): Entered {
  if (total === null) return null;
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => total % units[one] === 0) ?? 'seconds';
  return { amount: String(total / units[unit]), unit };
}

function seconds(duration: Entered): number | null {
  return duration && whole(duration.amount) * units[duration.unit];
}

/** The largest Int of GraphQL. */
const MOST = 2 ** 31 - 1;

function whole(text: string): number {
  const number = Math.trunc(Number(text));
  return Number.isFinite(number) ? Math.max(-MOST, Math.min(MOST, number)) : 0;
}
