import { join } from 'node:path';

/** What `make test` says about the cluster and the gateway that it made. */
function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with \`make test T=portal\``);
  return value;
}

/** The top of the checkout. */
export const checkout = join(import.meta.dirname, '../../..');

/** The cluster as its superuser; the path names a database. */
export const superuser = () => new URL(required('AUTHN_TEST_DATABASE_URL'));

/** The same as the gateway's login role. */
export const gatewayRole = () => new URL(required('AUTHN_TEST_GATEWAY_URL'));

/** The gateway that was built. */
export const gatewayBinary = () => required('AUTHN_GATEWAY_BIN');

/** The server's programs. */
export const serverPrograms = () => required('AUTHN_TEST_PG_BIN');
