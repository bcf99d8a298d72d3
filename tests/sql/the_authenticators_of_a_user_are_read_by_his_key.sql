-- The status of every authenticator of a user is one statement whose plan touches only that user's
-- rows, in a table of many, whoever asks.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
select plan(6);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
\ir helpers/crowd.psql
-- All of them locked, so that there is something to read whole.
insert into authn_data.locks (
    user_id, context_id, number, tenant_id, authenticator_id, app_id, method,
    policy_source, policy_version, cause, tier, failures, since, until
)
select
    c.user_id, c.context_id, 1, c.tenant_id, c.authenticator_id, c.app_id, c.method,
    'default', 0, 'tier', 1, 5, now(), now() + interval '1 hour'
from authn_data.contexts c join authn_data.users u using (user_id) where u.display_name like 'crowd %';
analyze authn_data.locks;

create temp table plans (caller text, view_name text, line text);
grant all on plans to public;
create function pg_temp.look(caller text) returns void
language sql as $$
    insert into plans
    select caller, v, p
    from unnest('{authenticators,contexts,users,devices}'::text[]) v, pg_temp.plan_of(format('select * from authn.%s where user_id = %L', v, pg_temp.id('ada'))) p
$$;
select pg_temp.look('administrator') \g /dev/null
select pg_temp.act_as('authn_support') \g /dev/null
select pg_temp.look('support') \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_support', apps => '{Shop}') \g /dev/null
select pg_temp.look('support of an app') \g /dev/null
select results_eq(
    $$select count(*)::integer from authn.contexts where user_id = pg_temp.id('ada')$$, $$select count(*)::integer from authn.methods$$, 'the answer is right'
);
select pg_temp.act_as_administrator() \g /dev/null

select is_empty(
    $$select * from plans where line ~ 'Seq Scan on authn_data\.(users|authenticators|contexts|devices|locks|reservations)'$$, 'no table of users is read whole'
);
select is_empty(
    $$select caller, view_name from plans group by 1, 2 having count(*) filter (where line ~ ('Index Cond: .*user_id = ''' || pg_temp.id('ada') || '''::uuid')) = 0$$,
    'an index leads to the user'
);
select is_empty(
    $$select * from plans where line ~ 'Filter: .*authn\.[a-z_]+\('$$, 'no function is called per row: who is asking is found once per statement'
);
select is_empty(
    $$select caller, view_name from plans group by 1, 2 having count(*) filter (where line ~ 'InitPlan') = 0$$, 'in an InitPlan'
);
select is_empty(
    $$select * from plans where line ~ 'authn\.(status_rule|_in_force|user_status_rule|method_scope|method_lockable)\('$$,
    'the rule of status is part of the plan, not a call'
);

select * from finish();
rollback;
