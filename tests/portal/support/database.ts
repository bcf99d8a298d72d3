import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { checkout, gatewayRole, serverPrograms, superuser } from './environment.ts';

/** The database of all the tests: each has a tenant of its own in it. */
const NAME = 'authn_portal';

/** Makes the database anew, with the demo tenant in it. */
export async function createDatabase(): Promise<void> {
  const client = new pg.Client({ connectionString: superuser().href });
  await client.connect();
  await client.query(`drop database if exists ${NAME} with (force)`);
  await client.query(`create database ${NAME} template authn_template`);
  await client.end();
  // The demo is a script for psql, which includes others.
  const script = join(checkout, 'sql/demo/load.sql');
  execFileSync(join(serverPrograms(), 'psql'), ['-X', '-d', at(superuser()).href, '-f', script]);
}

/** Where the gateway finds it. */
export const gatewayUrl = () => at(gatewayRole()).href;

/** A connection as the superuser, for what happens outside of the portal. */
export class Database {
  readonly #pool = new pg.Pool({ connectionString: at(superuser()).href, max: 4 });

  /** The rows that a statement answers. */
  async rows<Row extends pg.QueryResultRow>(statement: string, parameters: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#pool.query<Row>(statement, parameters);
    return rows;
  }

  /** The one value that a statement answers. */
  async value<Value>(statement: string, parameters: unknown[] = []): Promise<Value> {
    const [row] = await this.rows(statement, parameters);
    if (!row) throw new Error(`no row: ${statement}`);
    return Object.values(row)[0] as Value;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function at(url: URL): URL {
  const database = new URL(url);
  database.pathname = NAME;
  return database;
}
