begin;
\ir helpers/world.psql
select plan(5);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'totp', '[{"failures": 2, "duration": "1 minute"}, {"failures": 4, "duration": "1 hour"}]') \g /dev/null
select pg_temp.enrol('totp', 'Shop'), pg_temp.fail('totp', 'Shop', 2), pg_temp.time_passes('1 minute'), pg_temp.fail('totp', 'Shop') \g /dev/null
select results_eq(
    $$select failures, tier, failures_since_success from authn_data.contexts where authenticator_id = pg_temp.id('totp')$$,
    'values (3, 1, 3)', 'on the way to the second tier, not locked'
);
select results_eq(
    $$select app_id, status_before::text, status_after::text from authn.unlock(pg_temp.id('ada'), 'totp', pg_temp.id('Shop'))$$,
    $$values (pg_temp.id('Shop'), 'registered', 'registered')$$, 'a count is a fact: clearing it is a change'
);
select results_eq(
    $$select failures, tier, failures_since_success, locked_until from authn_data.contexts where authenticator_id = pg_temp.id('totp')$$,
    'values (0, 0, 0, null::timestamptz)', 'nothing counted is left'
);
create temp table events_before as select count(*) as events from authn.events;
select is_empty($$select authn.unlock(pg_temp.id('ada'), 'totp', pg_temp.id('Shop'))$$, 'again: no rows');
select results_eq('select count(*) from authn.events', 'table events_before', 'and no event');

select * from finish();
rollback;
