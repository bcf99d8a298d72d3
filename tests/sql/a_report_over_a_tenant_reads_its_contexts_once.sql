-- And of users, authenticators and devices no more than those that something lies over.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/plans.psql
select plan(4);

\ir helpers/crowd.psql
analyze authn_data.locks;

create function pg_temp.reports() returns table (report text, statement text)
language sql as $$
    values
        ('roll-up', 'select status, count(*) from authn.authenticators group by 1'),
        ('contexts', 'select status, count(*) from authn.contexts group by 1'),
        ('adoption', 'select * from authn.method_adoption')
$$;
create temp table ran (report text, node text, relation text, index text, rows numeric);
grant all on ran to public;
select pg_temp.act_as('authn_reader') \g /dev/null
insert into ran select r.report, x.* from pg_temp.reports() r, pg_temp.rows_read(r.statement) x;

select results_eq('select status::text, count(*) from authn.contexts group by 1', $$values ('registered', 10000::bigint)$$, 'the answer is right');
select results_eq(
    $$select report, count(*) from ran where relation = 'contexts' and node = 'Seq Scan' group by 1 order by 1$$,
    $$values ('adoption', 1::bigint), ('contexts', 1), ('roll-up', 1)$$, 'contexts are read once'
);
select is_empty(
    $$select * from ran where relation in ('users', 'authenticators', 'devices') and rows > 10$$, 'nothing else is that has nothing over it'
);
select isnt_empty($$select * from ran where index = 'authenticators_removed'$$, 'what is removed has its index');

select * from finish();
rollback;
