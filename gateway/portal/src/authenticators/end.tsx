import type { AuthenticatorInTabFragment as Authenticator } from '../graphql/generated';
import { Left } from '../ui/time';

type Ending = Pick<Authenticator, 'status' | 'lockedUntil' | 'deactivatedUntil'> & {
  contexts: Pick<Authenticator['contexts'][number], 'deactivatedUntil'>[];
};

/** When what holds now is over. */
export function End({ of }: { of: Ending }) {
  if (of.status === 'LOCKED') {
    return of.lockedUntil ? <Left until={of.lockedUntil} /> : <>until unlocked</>;
  }
  if (of.status === 'DEACTIVATED') {
    const until = endOfDeactivation(of);
    return until ? <Left until={until} /> : <>until lifted</>;
  }
  return null;
}

/** When it is first usable again in one of its apps; null: in none before somebody lifts it. */
function endOfDeactivation({ contexts, deactivatedUntil }: Ending): string | null {
  const ends = contexts.length > 0 ? contexts.map((context) => context.deactivatedUntil) : [deactivatedUntil];
  const known = ends.filter((end) => end !== null);
  return known.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}
