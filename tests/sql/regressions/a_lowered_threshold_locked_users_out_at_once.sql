-- Lowering the threshold locked everybody who was above it, at the moment of the change and without an attempt.
-- Here it is asked at the next failure.
begin;
\ir ../helpers/world.psql
select plan(4);

select pg_temp.enrol('password', 'Shop'), pg_temp.fail('password', 'Shop', 4) \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 2, "duration": "1 hour"}]') \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'registered', 'four failures under a policy of two: not locked');
select pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq(
    $$select status::text, failures, locked_until - locked_since from authn.contexts where authenticator_id = pg_temp.id('password')$$,
    $$values ('locked', 5, interval '1 hour')$$, 'the fifth locks by the new policy'
);
select pg_temp.enrol('pin', 'Shop'), pg_temp.fail('pin', 'Shop', 4) \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 2, "duration": "1 hour"}]') \g /dev/null
select is(pg_temp.succeed('pin', 'Shop'), 'succeeded', 'a right secret before it gets in');
select is((select failures from authn.contexts where authenticator_id = pg_temp.id('pin')), 0, 'and starts the count again');

select * from finish();
rollback;
