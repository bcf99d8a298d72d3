-- For every method: the lock domain outlives the authenticator's removal.
begin;
\ir helpers/world.psql
select plan(5);

select pg_temp.enrol(m, 'Shop') from unnest(enum_range(null::authn.method)) m \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
create view pg_temp.facts as
select c.authenticator_id, c.app_id, c.failures, c.failures_since_success, c.tier, c.locked_since, c.locked_until,
    c.deactivated_since, c.deactivated_until
from authn_data.contexts c where c.user_id = pg_temp.id('ada');
create temp table before as table pg_temp.facts;

create temp table removed as
select c.* from authn.methods m, authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text)) c;
select bag_eq(
    'select method, app_id, status_before, status_after from removed',
    $$select method, pg_temp.id('Shop'), 'deactivated'::authn.status as before, null::authn.status as after from authn.methods$$,
    'removal answers each context that went'
);
select is_empty($$select * from authn.contexts where user_id = pg_temp.id('ada')$$, 'no context is left');
select pg_temp.enrol(m, 'Shop') from unnest(enum_range(null::authn.method)) m \g /dev/null
select bag_eq('table pg_temp.facts', 'table before', 'the same ids, counters, locks and deactivations');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
select bag_eq(
    $$select method, status from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select method, (case when lockable then 'locked' else 'registered' end)::authn.status from authn.methods$$,
    'under the deactivation the lock still runs'
);
select bag_eq(
    $$select method, pg_temp.succeed(method::text, 'Shop') from authn.methods$$,
    $$select method, case when lockable then 'refused' else 'succeeded' end from authn.methods$$,
    'a new secret is no way around a lock'
);

select * from finish();
rollback;
