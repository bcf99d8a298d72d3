import type { PolicyFragment as Policy, PolicySource } from '../graphql/generated';
import { duration } from '../ui/duration';
import { count } from '../ui/words';

type Steps = Pick<Policy, 'tiers' | 'thenPermanent'>;

export const sourceName: Record<PolicySource, string> = {
  APP: 'This app',
  TENANT: 'Whole tenant',
  DEFAULT: 'Built in',
};

/** What each number of failures in a row does: "5 failures lock for 15 minutes". */
export function stepsInWords({ tiers, thenPermanent }: Steps): string[] {
  const steps = tiers.map(
    ({ failures, durationSeconds }) => `${count(failures, 'failure')} lock ${forHowLong(durationSeconds)}`,
  );
  const last = tiers.at(-1);
  if (thenPermanent) steps.push('every further failure locks until unlocked');
  else if (tiers.length > 1 && last?.durationSeconds != null) {
    steps.push(`every further failure locks ${forHowLong(last.durationSeconds)}`);
  }
  return steps;
}

/** How long a failure counts. */
export function windowInWords(seconds: number | null): string {
  return seconds === null ? 'Failures count until a success' : `Failures count for ${duration(seconds)}`;
}

function forHowLong(seconds: number | null): string {
  return seconds === null ? 'until unlocked' : `for ${duration(seconds)}`;
}
