import { computed, signal } from '@preact/signals';

/** The bearer token. Here and nowhere else: no storage, no cookie; whoever reloads the page signs in again. */
export const token = signal<string | null>(null);

/** Whether a token was refused or has run out while the page was open. */
export const expired = signal(false);

export const signedIn = computed(() => token.value !== null);

/** From now on requests carry this token. */
export function begin(given: string): void {
  token.value = given;
  expired.value = false;
}

/** A token was refused. One that has taken its place in the meantime is not meant. */
export function expire(refused: string | null): void {
  if (token.peek() === refused) expired.value = true;
}

/** Forgets the token. */
export function end(): void {
  token.value = null;
  expired.value = false;
}

/** The instant at which a token ends, in milliseconds, as it says itself; null where it does not. */
export function endOf(jwt: string): number | null {
  try {
    const [, claims = ''] = jwt.split('.');
    const { exp } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}
