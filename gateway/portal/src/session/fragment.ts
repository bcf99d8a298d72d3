/**
 * The token in the address after `#token=`. What is behind the # stays in the browser; taken out of the
 * address, it is not in the history either.
 */
export function takeTokenFromFragment(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) history.replaceState(history.state, '', location.pathname + location.search);
  return given;
}
