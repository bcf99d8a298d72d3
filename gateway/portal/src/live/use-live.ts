import { useEffect, useRef } from 'preact/hooks';
import { token } from '../session/session';
import { methodName, statusName } from '../ui/words';
import { announce } from './announcer';
import { type Change, follow } from './follow';

/** The shortest time between two answers that changes cause: a flood of them is shown at this pace. */
const PACE = 500;

/** The same for lists across users, where somebody is always signing in. */
export const LISTS_PACE = 3000;

/** Asks again whenever something changes: of one user, or of anybody. */
export function useLive(userId: string | null, refresh: () => Promise<void>, pace = PACE): void {
  const refreshing = useRef(refresh);
  refreshing.current = refresh;
  const signedInWith = token.value;
  useEffect(() => {
    const refreshPaced = paced(() => refreshing.current(), pace);
    return follow({
      userId,
      onGap: refreshPaced,
      onChange: (change) => {
        const words = inWords(change);
        if (userId !== null && words) announce(words);
        refreshPaced();
      },
    });
  }, [userId, pace, signedInWith]);
}

/** Runs at once and then at most once per pace; never twice at the same time, and once more after the last call. */
function paced(run: () => Promise<void>, pace: number): () => void {
  let running = false;
  let again = false;
  const start = async () => {
    running = true;
    do {
      again = false;
      await run();
      await new Promise((resolve) => setTimeout(resolve, pace));
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void start();
  };
}

/** Null for what concerns no single authenticator: what follows from it is on the page. */
function inWords({ method, statusAfter, app }: Change): string | null {
  if (!method || !statusAfter) return null;
  return `${methodName[method]}${app ? ` in ${app.name}` : ''} is now ${statusName[statusAfter].toLowerCase()}.`;
}
