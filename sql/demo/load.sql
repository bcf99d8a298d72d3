-- The demo tenant: made only through the public functions, the same every time but for ids and times.
-- psql -v ON_ERROR_STOP=1 -f sql/demo/load.sql
\set QUIET on
\set ON_ERROR_STOP on
set client_min_messages = warning;
-- What the demo did is told apart from what people do in it later.
set authn.actor = 'demo';
set authn.reason = 'demo tenant';

begin;
\ir tenant.sql
\ir crowd.sql
\ir cast.sql
commit;
