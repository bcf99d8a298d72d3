// node audit.mjs <url> [token]: runs every check of the audit against a server, prints those that are not
// met and how many are, and fails unless all are.
import { serverAudits } from 'graphql-http';

const [url, token] = process.argv.slice(2);

const fetchFn = (address, options = {}) => {
  const headers = new Headers(options.headers);
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(address, { ...options, headers });
};

const results = await Promise.all(serverAudits({ url, fetchFn }).map((audit) => audit.fn()));
const met = results.filter((result) => result.status === 'ok');
for (const { status, id, name, reason } of results) {
  if (status !== 'ok') console.log(`${status} ${id} ${name}: ${reason}`);
}
console.log(`${met.length} of ${results.length} checks are met`);
process.exitCode = met.length === results.length && results.length > 0 ? 0 : 1;
