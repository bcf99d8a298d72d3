begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.enrol(m, 'Shop') from unnest(enum_range(null::authn.method)) m \g /dev/null
select pg_temp.succeed(m::text, 'Shop') from unnest(enum_range(null::authn.method)) m \g /dev/null
create temp table before as
select c.authenticator_id, c.app_id, c.registered_at, c.last_success_at, c.status, a.registered_at as first_registered_at
from authn.contexts c join authn.authenticators a using (authenticator_id) where c.user_id = pg_temp.id('ada');
create temp table events_before as select count(*) as events from authn.events;

select bag_eq(
    $$select m, pg_temp.enrol(m, 'Shop') from unnest(enum_range(null::authn.method)) m$$,
    $$select m, pg_temp.id(m::text) from unnest(enum_range(null::authn.method)) m$$,
    'the same id, for every method'
);
select bag_eq(
    $$select c.authenticator_id, c.app_id, c.registered_at, c.last_success_at, c.status, a.registered_at as first_registered_at
      from authn.contexts c join authn.authenticators a using (authenticator_id) where c.user_id = pg_temp.id('ada')$$,
    'table before', 'the same dates, success and status'
);
select results_eq('select count(*) from authn.events', 'table events_before', 'and no event');
select results_eq(
    $$select pg_temp.enrol('password', 'Wallet')$$, $$select pg_temp.id('password')$$,
    'in another app it is the same authenticator'
);

select * from finish();
rollback;
