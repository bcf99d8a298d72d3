-- The log never refuses a row: what no month was made for is taken in, and given its month by the next call.
begin;
\ir helpers/world.psql
select plan(7);

create or replace function authn._clock() returns timestamptz
language sql volatile parallel safe
return pg_catalog.clock_timestamp() + coalesce(nullif(pg_catalog.current_setting('test.ahead', true), '')::pg_catalog.interval, '0');
select pg_temp.enrol('password', 'Shop') \g /dev/null
select set_config('test.ahead', '3 years', true) \g /dev/null
select pg_temp.fail('password', 'Shop', 5) \g /dev/null

select is((select count(*)::integer from authn_data.events where tableoid = 'authn_data.events_default'::regclass), 6, 'they are in the default partition');
create temp table before as select * from authn_data.event_hashes;
create temp table guards_before as
select t.tgname from pg_trigger t where t.tgrelid = 'authn_data.events_default'::regclass and not t.tgisinternal;
select cmp_ok(authn.ensure_event_partitions(), '>', 0, 'the months are made');
select is((select count(*)::integer from authn_data.events where tableoid = 'authn_data.events_default'::regclass), 0, 'the default partition is empty again');
select bag_eq('select * from authn_data.event_hashes', 'table before', 'not a bit of the log is another');
select results_eq(
    $$select c.relrowsecurity, c.relforcerowsecurity from pg_class c where c.oid in ('authn_data.events'::regclass, 'authn_data.events_default'::regclass)$$,
    'values (true, true), (true, true)', 'row-level security is forced as before'
);
select bag_eq(
    $$select t.tgname from pg_trigger t where t.tgrelid = 'authn_data.events_default'::regclass and not t.tgisinternal$$,
    'table guards_before', 'nothing can be changed or deleted as before'
);
select is(authn.ensure_event_partitions(), 0, 'a second call has nothing to do');

select * from finish();
rollback;
