import { useEffect } from 'preact/hooks';
import { serverTime } from '../ui/clock';

/** The longest that a browser can wait for: whatever ends later is looked at again by then. */
const LONGEST = 86_400_000;

/** Asks again when the first of these instants has come: what runs out is not on the screen any longer than that. */
export function useRefreshAt(instants: (string | null)[], refresh: () => Promise<void>): void {
  const coming = instants
    .filter((instant) => instant !== null)
    .map((instant) => Date.parse(instant))
    .filter((instant) => instant > serverTime());
  const next = coming.length > 0 ? Math.min(...coming) : null;
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => void refresh(), Math.min(LONGEST, next - serverTime() + 250));
    return () => clearTimeout(timer);
  }, [next, refresh]);
}
