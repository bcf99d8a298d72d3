-- The status of every authenticator of a user is one statement whose plan touches only that user's
-- rows, in a table of many, whoever asks.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
select plan(6);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
\ir helpers/crowd.psql

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
