begin;
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol(method, 'Shop') from authn.methods where not lockable \g /dev/null
create temp table events_before as select count(*) as events from authn.events;
select is_empty(
    $$select c.* from authn.methods m, authn.unlock(pg_temp.id('ada'), m.method, pg_temp.id('Shop')) c where not m.lockable$$, 'no rows, no error'
);
select is_empty(
    $$select c.* from authn.methods m, authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop')) c where not m.lockable$$,
    'by authenticator too'
);
select results_eq('select count(*) from authn.events', 'table events_before', 'no event');

select * from finish();
rollback;
