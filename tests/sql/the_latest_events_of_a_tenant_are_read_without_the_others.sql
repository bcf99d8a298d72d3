-- A page of events reads as much as it shows, whatever the size of the log: the gateway's statement, as it is.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
\set page `cat gateway/sql/events.sql gateway/sql/without_user_events.sql gateway/sql/user_documents.sql`
\set of_users `cat gateway/sql/objects.sql gateway/sql/user_events.sql gateway/sql/user_documents.sql`
select plan(7);

select pg_temp.enrol('password', 'Shop'), pg_temp.fail('password', 'Shop', 5), pg_temp.fail('password', 'Shop') \g /dev/null
\ir helpers/crowd.psql
-- Each with something in the log, and a lock that ran out within the last hour.
insert into authn_data.events (user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, method, actor)
select c.user_id, c.context_id, 1, statement_timestamp() - row_number() over (order by c.user_id) * interval '1 second', c.tenant_id,
    'attempt_failed', c.authenticator_id, c.app_id, c.method, 'crowd'
from authn_data.contexts c join authn_data.users u using (user_id) where u.display_name like 'crowd %';
insert into authn_data.locks (user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version, cause, tier, failures, since, until)
select c.user_id, c.context_id, 2, c.tenant_id, c.authenticator_id, c.app_id, c.method, 'default', 0, 'tier', 1, 5,
    e.at - interval '15 minutes', e.at + interval '500 milliseconds'
from authn_data.events e join authn_data.contexts c on c.user_id = e.user_id and c.context_id = e.domain_id where e.actor = 'crowd';
analyze authn_data.events, authn_data.locks;

set local plan_cache_mode = force_custom_plan;
prepare page as :page;
prepare of_users as :of_users;
create temp table ran (statement text, node text, relation text, index text, rows numeric);
grant all on ran to public;
create function pg_temp.run(statement text, call text) returns void
language sql as $$
    insert into ran select statement, r.* from pg_temp.rows_read(call) r
$$;
create function pg_temp.page_call(since text default 'null') returns text
language sql as $$
    select format(
        'execute page(true, false, false, ''{"app_methods": false}'', %L, null, null, null, null, null, null, %s, null, null, null, null, 20, false, true, false)',
        pg_temp.id('Acme'), since
    )
$$;
select pg_temp.act_as('authn_support') \g /dev/null
select pg_temp.run('page', pg_temp.page_call()), pg_temp.run('span', pg_temp.page_call('statement_timestamp() - interval ''1 hour''')) \g /dev/null
select pg_temp.run('user', format(
    $$execute of_users(true, false, false, '{"app_methods": false, "events": [{"key": "x", "limit": 5, "total": true}]}', array[%L]::uuid[], '{}', '{}')$$,
    pg_temp.id('ada')
)) \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null

select is_empty(
    $$select * from ran where relation ~ '^(events|locks|refusals|users|authenticators|contexts)' and node = 'Seq Scan' and rows > 100$$, 'no table is read whole'
);
select cmp_ok(max(rows), '<=', 100::numeric, 'a page of 20 reads a few times as many rows: ' || statement) from ran where relation ~ '^events_' group by statement order by statement;
select cmp_ok(max(rows), '<=', 100::numeric, 'of locks that ran out too: ' || statement) from ran where relation = 'locks' group by statement order by statement;

select * from finish();
rollback;
