import { signal } from '@preact/signals';
import type { WhoAmIQuery } from '../graphql/generated';

/** Who signed in and what there is in their tenant; asked once, before anything is shown. */
export const viewer = signal<WhoAmIQuery | null>(null);

/** The same, for what is shown only after it is known. */
export function known(): WhoAmIQuery {
  if (!viewer.value) throw new Error('shown before the viewer is known');
  return viewer.value;
}
