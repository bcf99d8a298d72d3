// PostGraphile over the views of pg_authn, set up for production as its documentation says: the Amber preset, persisted
// operations, nothing that is for development, and claims that become settings of the transaction.
// Settings: DATABASE_URL, LISTEN, POOL_SIZE, JWT_SECRET.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { PersistedPlugin } from '@grafserv/persisted';
import { GraphQLError } from 'graphql';
import jwt from 'jsonwebtoken';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { jsonPgSmartTags } from 'postgraphile/utils';

const { DATABASE_URL, LISTEN, POOL_SIZE, JWT_SECRET } = process.env;

// Views have no keys of their own.
const keys = {
  version: 1,
  config: {
    class: {
      'authn.users': { tags: { primaryKey: 'user_id' } },
      'authn.devices': {
        tags: { primaryKey: 'user_id,device_id', foreignKey: '(user_id) references authn.users (user_id)' },
      },
      'authn.authenticators': {
        tags: {
          primaryKey: 'user_id,authenticator_id',
          foreignKey: [
            '(user_id) references authn.users (user_id)',
            '(user_id,device_id) references authn.devices (user_id,device_id)',
          ],
        },
      },
      'authn.contexts': {
        tags: {
          primaryKey: 'user_id,authenticator_id,app_id',
          foreignKey: '(user_id,authenticator_id) references authn.authenticators (user_id,authenticator_id)',
        },
      },
    },
  },
};

// What the gateway does with a token.
function pgSettings(request) {
  const [, token] = /^bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  let claims;
  try {
    claims = jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'], issuer: 'pg_authn', audience: 'pg_authn' });
  } catch {
    throw new GraphQLError('a valid bearer token is required', { extensions: { statusCode: 401 } });
  }
  return {
    'authn.tenant': claims.tenant,
    'authn.actor': claims.sub,
    'authn.apps': (claims.apps ?? []).join(','),
    'authn.ip': request.socket.remoteAddress,
    'authn.user_agent': request.headers['user-agent'] ?? '',
    role: `authn_${claims.role}`,
  };
}

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [PersistedPlugin, jsonPgSmartTags(keys)],
  // The views belong to an extension.
  disablePlugins: ['PgRemoveExtensionResourcesPlugin'],
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: ['authn'],
      poolConfig: { max: Number(POOL_SIZE) },
      pubsub: false,
    }),
  ],
  grafast: {
    explain: false,
    context: (requestContext) => ({ pgSettings: pgSettings(requestContext.node.req) }),
  },
  grafserv: {
    graphiql: false,
    watch: false,
    persistedOperations: { one_user: readFileSync(new URL('one_user.graphql', import.meta.url), 'utf8') },
    hashFromPayload: (payload) => payload.documentId,
  },
});

const server = createServer();
await instance.createServ(grafserv).addTo(server);
await instance.getSchema();
const [host, port] = LISTEN.split(':');
server.listen(Number(port), host);
