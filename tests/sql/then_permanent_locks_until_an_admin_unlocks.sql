begin;
\ir helpers/world.psql
select plan(5);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 2, "duration": "1 minute"}, {"failures": 4, "duration": "10 minutes"}]', then_permanent => true) \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'totp', '[{"failures": 2}]') \g /dev/null
select pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('totp', 'Shop') \g /dev/null

select pg_temp.fail('pin', 'Shop', 2), pg_temp.time_passes('1 minute'), pg_temp.fail('pin', 'Shop', 2), pg_temp.time_passes('10 minutes') \g /dev/null
select is(pg_temp.status('pin', 'Shop'), 'registered', 'after the last tier''s lock');
select pg_temp.fail('pin', 'Shop'), pg_temp.fail('totp', 'Shop', 2) \g /dev/null
select bag_eq(
    $$select method, cause, tier, locked_until from authn.locked_now where user_id = pg_temp.id('ada')$$,
    $$values ('pin'::authn.method, 'then_permanent', null, 'infinity'::timestamptz), ('totp', 'tier', 1, 'infinity')$$,
    'the next failure locks for good, and an endless tier at once'
);
select pg_temp.time_passes('100 years') \g /dev/null
select bag_eq(
    $$select method, status::text, locked_until from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$values ('pin'::authn.method, 'locked', 'infinity'::timestamptz), ('totp', 'locked', 'infinity')$$, 'a hundred years later too'
);
select results_eq($$select outcome, locked_until from authn.record_attempt(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop'), true)$$,
    $$values ('refused', 'infinity'::timestamptz)$$, 'the right code is refused, with infinity as its end');
select authn.unlock(pg_temp.id('ada'), 'totp', pg_temp.id('Shop')) \g /dev/null
select is(pg_temp.succeed('totp', 'Shop'), 'succeeded', 'until an admin unlocks');

select * from finish();
rollback;
