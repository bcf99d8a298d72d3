import { signal } from '@preact/signals';

const said = signal('');

/** Has it read out when there is a pause. */
export function announce(text: string): void {
  // Twice the same is said twice.
  said.value = said.peek() === text ? `${text}\u00a0` : text;
}

export function Announcer() {
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  );
}
