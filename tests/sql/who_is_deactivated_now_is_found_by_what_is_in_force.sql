-- A page of users who are suspended, or of whom something is deactivated or locked, reads what is in force and the users
-- on the page, whatever the number of users: the gateway's statement, as it is.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
\set marked `cat gateway/sql/marked.sql gateway/sql/marked_users_by_name.sql gateway/sql/users.sql gateway/sql/without_user_events.sql gateway/sql/user_documents.sql`
select plan(6);

-- What writing them would do besides is not asked for.
set local session_replication_role = replica;
\ir helpers/crowd.psql
-- Forty are suspended, as many have a deactivated device, and as many one authenticator that is deactivated, in every app
-- or in one; what is over by a minute is of as many again.
create temp table held as
select u.user_id, (row_number() over (order by u.user_id) - 1) / 40 as part, statement_timestamp() - interval '1 hour' as since
from authn_data.users u where u.display_name like 'crowd %';
delete from held where part >= 8;
create temp table spans as
select h.*, statement_timestamp() + case when h.part < 4 then interval '1 hour' else interval '-1 minute' end as until from held h;
update authn_data.users u set suspended_since = s.since, suspended_until = s.until from spans s where s.user_id = u.user_id and s.part % 4 = 0;
update authn_data.devices d set deactivated_since = s.since, deactivated_until = s.until from spans s where s.user_id = d.user_id and s.part % 4 = 1;
update authn_data.authenticators a set deactivated_since = s.since, deactivated_until = s.until from spans s where s.user_id = a.user_id and s.part % 4 = 2;
update authn_data.contexts c set deactivated_since = s.since, deactivated_until = s.until from spans s where s.user_id = c.user_id and s.part % 4 = 3;
analyze authn_data.users, authn_data.devices, authn_data.authenticators, authn_data.contexts;
set local session_replication_role = origin;

set local plan_cache_mode = force_custom_plan;
set local jit = off;
prepare marked as :marked;
create temp table ran (statement text, node text, relation text, index text, rows numeric);
create temp table answers (statement text, answer jsonb);
grant all on ran, answers to public;
create function pg_temp.run(call text, user_status text, described boolean, status text, marks text) returns void
language plpgsql as $$
declare
    v_call text := format(
        'execute marked(false, false, false, ''{"app_methods": false}'', %L, null, %L, %L, %L, null, null, null, null, null, null, null, null, false, 20, true, null, null, null, null, null, %L, false)',
        pg_temp.id('Acme'), user_status, described, status, marks
    );
    v_answer jsonb;
begin
    insert into ran select call, r.* from pg_temp.rows_read(v_call) r;
    execute v_call into v_answer;
    insert into answers values (call, v_answer);
end
$$;
select pg_temp.act_as('authn_support') \g /dev/null
select pg_temp.run('suspended', 'suspended', false, null, '{suspension}'), pg_temp.run('deactivated', null, true, '{deactivated}', '{deactivation}') \g /dev/null
select results_eq(
    $$select reach, count(*) from authn.deactivated_now group by reach order by reach$$,
    $$values ('app', 40::bigint), ('authenticator', 40), ('device', 40), ('user', 40)$$, 'what is over is not in force'
);
select pg_temp.act_as_administrator() \g /dev/null

select is((select answer #>> '{page,total}' from answers where statement = 'suspended'), '40', 'who is suspended is listed');
select is((select answer #>> '{page,total}' from answers where statement = 'deactivated'), '120', 'who has what is deactivated too; a device holds no password');
select is_empty($$select * from ran where node ~ 'Seq Scan' and relation !~ '^(tenants|apps|app_methods)$' and rows > 100$$, 'no table is read whole');
select cmp_ok(max(rows), '<=', 1000::numeric, 'and of each that grows with the users a few times who is listed: ' || statement)
from ran where coalesce(relation, index) !~ '^app_methods' group by statement order by statement;

select * from finish();
rollback;
