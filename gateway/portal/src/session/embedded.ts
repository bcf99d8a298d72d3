import { begin, endOf } from './session';

/** How long before a token's end another one is asked for. */
const AHEAD = 60_000;

const framed = () => window.parent !== window;

/**
 * Takes tokens from the page that shows this one in a frame. Only pages of the origins that the gateway was told
 * are listened to, and only they hear that a token is wanted:
 *   portal to embedder  { type: 'pg_authn:token-wanted' }
 *   embedder to portal  { type: 'pg_authn:token', token: '…' }
 * Returns whether there is such a page.
 */
export function listenToEmbedder(embedders: string[]): boolean {
  if (!framed() || embedders.length === 0) return false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent || !embedders.includes(origin)) return;
    if (data?.type !== 'pg_authn:token' || typeof data.token !== 'string') return;
    begin(data.token);
    clearTimeout(timer);
    const end = endOf(data.token);
    if (end !== null) timer = setTimeout(() => askEmbedder(embedders), Math.max(0, end - Date.now() - AHEAD));
  });
  askEmbedder(embedders);
  return true;
}

/** The browser delivers it only where the parent is of that origin. */
export function askEmbedder(embedders: string[]): void {
  for (const origin of embedders) window.parent.postMessage({ type: 'pg_authn:token-wanted' }, origin);
}
