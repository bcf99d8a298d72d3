import { signal } from '@preact/signals';

/** How far the server's clock is ahead of this machine's, in milliseconds: whole seconds at best. */
let ahead = 0;

/** The server's time in milliseconds, once a second: what runs out runs out by its clock. */
export const now = signal(Date.now());

export function serverTime(): number {
  return Date.now() + ahead;
}

/** Takes the server's time from an answer's Date header. Less than two seconds are the header's own rounding. */
export function followServerClock(date: string | null): void {
  if (!date) return;
  const difference = Date.parse(date) - Date.now();
  ahead = Math.abs(difference) < 2000 ? 0 : difference;
}

setInterval(() => {
  now.value = serverTime();
}, 1000);
