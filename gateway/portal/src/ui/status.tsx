import type { AuthenticatorStatus, UserStatus } from '../graphql/generated';
import { statusName } from './words';

type Count = { status: AuthenticatorStatus; count: number };

/** A status as a coloured word. The colour repeats what the word says. */
export function Status({ status }: { status: AuthenticatorStatus | UserStatus }) {
  return <span class={`chip ${status.toLowerCase()}`}>{statusName[status]}</span>;
}

/** "1 active, 1 locked": what a mixed status consists of. */
export function breakdown(counts: Count[]): string {
  return counts.map(({ status, count }) => `${count} ${statusName[status].toLowerCase()}`).join(', ');
}
