-- A page of the authenticators that are locked now reads the locks in force and the users on the page, whatever
-- the number of users: the gateway's statement, as it is.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
\set locked `cat gateway/sql/marked_users.sql gateway/sql/authenticators.sql gateway/sql/without_user_events.sql gateway/sql/user_documents.sql`
\set every `cat gateway/sql/every_user.sql gateway/sql/authenticators.sql gateway/sql/without_user_events.sql gateway/sql/user_documents.sql`
select plan(8);

select pg_temp.enrol('password', 'Shop'), pg_temp.fail('password', 'Shop', 5) \g /dev/null
\ir helpers/crowd.psql
-- One in a hundred is locked, and as many were.
create temp table held as
select c.*, row_number() over (order by c.user_id) as n
from authn_data.contexts c join authn_data.users u using (user_id) where u.display_name like 'crowd %';
delete from held where n % 50 <> 0;
insert into authn_data.locks (user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version, cause, tier, failures, since, until)
select h.user_id, h.context_id, 1, h.tenant_id, h.authenticator_id, h.app_id, h.method, 'default', 0, 'tier', 1, 5,
    statement_timestamp() - interval '1 hour', statement_timestamp() + case when n % 100 = 0 then interval '1 hour' else interval '-1 minute' end
from held h;
update authn_data.contexts c set locked_since = l.since, locked_until = l.until, failures = 5
from authn_data.locks l where l.user_id = c.user_id and l.context_id = c.context_id and l.failures = 5 and c.locked_until is null;
analyze authn_data.locks, authn_data.contexts;

set local plan_cache_mode = force_custom_plan;
set local jit = off;
prepare locked as :locked;
prepare every as :every;
create temp table ran (statement text, node text, relation text, index text, rows numeric);
create temp table answers (statement text, answer jsonb);
grant all on ran, answers to public;
create function pg_temp.run(call text, statement text, status text, context_status text, backward boolean) returns void
language plpgsql as $$
declare
    v_call text := format(
        'execute %s(true, false, false, ''{"app_methods": false}'', %L, %s, %s, null, null, null, null, null, null, null, %L, 20, false, false, null, null, null, null, null, null, %L)',
        statement, pg_temp.id('Acme'), status, context_status, backward, case statement when 'locked' then '{lock}' end
    );
    v_answer jsonb;
begin
    insert into ran select call, r.* from pg_temp.rows_read(v_call) r;
    execute v_call into v_answer;
    insert into answers values (call, v_answer);
end
$$;
select pg_temp.act_as('authn_support') \g /dev/null
select pg_temp.run('locked', 'locked', 'null', 'array[''locked'']', false), pg_temp.run('locked, backwards', 'locked', 'null', 'array[''locked'']', true),
    pg_temp.run('registered', 'every', 'array[''registered'']', 'null', false), pg_temp.run('registered, backwards', 'every', 'array[''registered'']', 'null', true) \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null

select is_empty(
    $$select statement from answers where jsonb_array_length(answer #> '{page,keys}') <> 20 or not (answer #>> '{page,more}')::boolean$$, 'a page is full and goes on'
);
select is_empty(
    $$select k.* from answers, jsonb_array_elements(answer #> '{page,keys}') k
      where statement ~ 'locked' and not exists (
          select from authn.locked_now l where l.user_id = (k ->> 0)::uuid and l.authenticator_id = (k ->> 1)::uuid
      )$$,
    'who is on it is locked'
);
select is_empty(
    $$select * from ran where relation ~ '^(authenticators|contexts|devices)$' and node ~ 'Seq Scan' and rows > 100$$, 'no table of authenticators is read whole'
);
select cmp_ok(max(rows), '<=', 250::numeric, 'and of authenticators and contexts a few times the page is: ' || statement)
from ran where relation ~ '^(authenticators|contexts)$' group by statement order by statement;
select cmp_ok(max(rows), '<=', 300::numeric, 'locks that are over are not read again and again')
from ran where relation = 'locks' and statement = 'locked';

select * from finish();
rollback;
