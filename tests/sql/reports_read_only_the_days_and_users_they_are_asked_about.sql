begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
select plan(12);

select pg_temp.enrol('password', 'Shop'), pg_temp.succeed('password', 'Shop'), pg_temp.fail('password', 'Shop', 5), pg_temp.fail('password', 'Shop') \g /dev/null
\ir helpers/crowd.psql

create function pg_temp.what_ran(statement text) returns setof text
language plpgsql as $$
begin
    return query execute 'explain (analyze, costs off, timing off, summary off) ' || statement;
end
$$;
select pg_temp.act_as('authn_reader') \g /dev/null

select results_eq(
    $$select day, app_id, method, outcome, attempts, users from authn.daily_attempts order by outcome$$,
    $$select timezone('UTC', statement_timestamp())::date, pg_temp.id('Shop'), 'password', o, n, 1::bigint
      from (values ('failed', 5::bigint), ('refused', 1::bigint), ('succeeded', 1::bigint)) as x (o, n)$$,
    'attempts of a day by outcome'
);
create temp table this_month as select 'events_' || to_char(timezone('UTC', statement_timestamp()), 'YYYY_MM') as name;
create temp table ran as
select line from pg_temp.what_ran('select * from authn.daily_attempts where day = timezone(''UTC'', statement_timestamp())::date') line;
select is_empty(
    $$select line from ran, this_month where line ~ ' on events_(default|[0-9])' and line !~ name and line !~ 'never executed'$$, 'a day is read from the partition of its month'
);
select isnt_empty($$select line from ran where line ~ ' on events_(default|[0-9]).*never executed'$$, 'the others are not touched');
create temp table planned as
select line
from pg_temp.plan_of('select * from authn.events where at >= date_trunc(''month'', statement_timestamp(), ''UTC'') and at < statement_timestamp()') line;
select isnt_empty(
    $$select line from planned, this_month where line ~ ('Scan.* on authn_data.' || name || ' e$')$$, 'a span of events likewise, from it alone'
);
-- They may have begun whenever.
select isnt_empty(
    $$select line from planned where line ~ 'Index Cond: .*_written_end\(.*\) <= statement_timestamp\(\).*_written_end\(.*\) >= date_trunc'$$,
    'deactivations that ran out in that span are found by their end'
);
set local enable_seqscan = off;
select is_empty(
    $$select line from pg_temp.plan_of(format('select * from authn.events where user_id = %L', pg_temp.id('ada'))) line where line ~ 'Seq Scan on authn_data.events_[0-9]'$$,
    'the events of a user are found by his key'
);
reset enable_seqscan;
select is_empty(
    $$select line from pg_temp.plan_of(format('select * from authn.dormant_authenticators where user_id = %L', pg_temp.id('ada'))) line
      where line ~ 'Seq Scan on authn_data.(users|contexts|authenticators|devices)'$$,
    'and a dormant authenticator of one user his key'
);

select results_eq(
    $$select method, status, users, authenticators, used_in_30_days from authn.method_adoption where app_name = 'Shop' order by status$$,
    $$values ('password', 'locked', 1::bigint, 1::bigint, 1::bigint), ('password', 'registered', 10000, 10000, 0)$$, 'adoption counts users by status'
);
select is_empty('select * from authn.dormant_authenticators', 'nobody is dormant yet');
select is_empty(
    $$select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'authn'::regnamespace and c.relname in ('dormant_authenticators', 'method_adoption', 'daily_attempts') and a.attnum > 0
        and format_type(a.atttypid, a.atttypmod) not in ('uuid', 'text', 'bigint', 'integer', 'boolean', 'date', 'timestamp with time zone')$$,
    'the types are those that every tool reads'
);
select is_empty(
    $$select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_type t on t.oid = a.atttypid
      left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
      where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v' and a.attnum > 0
        and coalesce(e.typtype, t.typtype) <> 'e'
        and coalesce(e.oid, t.oid)::regtype::text not in (
            'uuid', 'text', 'name', 'bigint', 'integer', 'boolean', 'date', 'timestamp with time zone', 'interval', 'inet', 'jsonb', 'bytea'
        )$$,
    'in the other views enums, inet, jsonb and lists of text besides, which drivers hand over as text'
);
select pg_temp.act_as_administrator() \g /dev/null
set local enable_seqscan = off;
select isnt_empty(
    $$select line from pg_temp.plan_of(format('select * from authn_data.locks where tenant_id = %L and ended_at is null and until > statement_timestamp()', pg_temp.id('Acme'))) line
      where line ~ 'locks_in_force'$$,
    'locks in force have an index'
);

select * from finish();
rollback;
