-- Typing errors months apart were added up, and the one of today locked. Here a failure outside the counting
-- window, or before a success, is forgotten.
begin;
\ir ../helpers/world.psql
select plan(5);

select pg_temp.enrol('password', 'Shop') \g /dev/null
create view pg_temp.counted as select failures from authn.contexts where authenticator_id = pg_temp.id('password');

select pg_temp.fail('password', 'Shop', 4), pg_temp.time_passes('14 minutes'), pg_temp.fail('password', 'Shop') \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'locked', 'within the window the fifth locks');
select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop')) \g /dev/null
select pg_temp.fail('password', 'Shop', 4), pg_temp.time_passes('15 minutes'), pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq('table pg_temp.counted', 'values (1)', 'after it the count starts again');
select pg_temp.time_passes('10 minutes'), pg_temp.fail('password', 'Shop', 2), pg_temp.time_passes('10 minutes'), pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq('table pg_temp.counted', 'values (4)', 'the window runs from the last failure, not from the first');

select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 5, "duration": "15 minutes"}]') \g /dev/null
select pg_temp.time_passes('10 years'), pg_temp.fail('password', 'Shop') \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'locked', 'without a window failures add up for ever');
select pg_temp.time_passes('1 hour'), pg_temp.fail('password', 'Shop', 4), pg_temp.succeed('password', 'Shop'), pg_temp.fail('password', 'Shop', 4) \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'active', 'a success between them starts the count again');

select * from finish();
rollback;
