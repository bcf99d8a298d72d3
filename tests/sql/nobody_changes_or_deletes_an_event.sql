begin;
\ir helpers/world.psql
select plan(7);

select pg_temp.enrol('password', 'Shop'), pg_temp.fail('password', 'Shop'),
    authn.set_tenant_settings(pg_temp.id('Acme'), '{}') \g /dev/null
select isnt_empty('select * from authn_data.events', 'there are events, and the administrator asks');
select throws_ok($$update authn_data.events set reason = 'x'$$, '55000', null, 'no update');
select throws_ok($$delete from authn_data.events$$, '55000', null, 'no delete');
select throws_ok($$truncate authn_data.events$$, '55000', null, 'no truncate');
create temp table attempts as
select distinct format('%s %s', c.command, e.tableoid::regclass) as statement
from authn_data.events e, unnest(array['delete from', 'truncate']) as c (command);
select is_empty(
    $$select * from (select statement, pg_temp.error_of(statement) as answer from attempts order by statement offset 0) a where answer <> '55000'$$,
    'not in a partition either'
);
select throws_ok($$update authn_data.tenant_events set reason = 'x'$$, '55000', null, 'nor of the tenant''s own');
select throws_ok($$delete from authn_data.tenant_events$$, '55000', null, 'no delete there');

select * from finish();
rollback;
