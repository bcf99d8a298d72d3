-- A policy that asked per row who is calling would cost more than what it guards. Of every view of the
-- catalogs, by the plan; of every policy, by its expression.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
\ir helpers/decisions.psql
select plan(4);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
create temp table plans (caller text, view_name text, line text);
grant all on plans to public;
create function pg_temp.look(caller text) returns void
language sql as $$
    insert into plans
    select caller, d.name, p from view_decisions d, pg_temp.plan_of(format('select * from authn.%I', d.name)) p where d.confined <> 'constant'
$$;
select pg_temp.act_as('authn_reader') \g /dev/null
select pg_temp.look('reader') \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_support', apps => '{Shop}') \g /dev/null
select pg_temp.look('support of an app') \g /dev/null
select pg_temp.act_as_administrator() \g /dev/null

select cmp_ok((select count(distinct view_name)::integer from plans), '>=', 10, 'the views were looked at');
select is_empty(
    $$select * from plans where line ~ '(Filter|Cond): .*(authn\.[a-z_]*(tenant|apps|caller|trusted|binding|sees|setting|may)[a-z_]*\(|pg_has_role|current_setting)'$$,
    'no row is compared with a call'
);
select is_empty(
    $$select caller, view_name from plans group by 1, 2 having count(*) filter (where line ~ 'InitPlan') = 0$$, 'but with what was found before the first'
);
-- Outside of a subselect nothing is called at all.
select is_empty(
    $$select p.polrelid::regclass, p.polname, pg_get_expr(p.polqual, p.polrelid) from pg_policy p join pg_class c on c.oid = p.polrelid
      where c.relnamespace = 'authn_data'::regnamespace
        and regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\(\s*SELECT [^()]*(\(\))?[^()]*\)', '', 'g') ~ 'authn\.'$$,
    'each policy asks in a subselect'
);

select * from finish();
rollback;
