-- The lock expired and the counter stayed above its limit, where "equals N" was never true again: from then
-- on every guess was answered. Elsewhere the first try after it locked at once. Here it counts as the first.
begin;
\ir ../helpers/world.psql
select plan(6);

select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create view pg_temp.shown as select method, status::text, failures, locked_until - locked_since as duration from authn.contexts where user_id = pg_temp.id('ada');

select pg_temp.time_passes('15 minutes') \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'registered'$$, 'the lock is over');
select is_empty($$select * from authn.locked_now where user_id = pg_temp.id('ada')$$, 'nothing is locked now');
select pg_temp.fail(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select bag_eq('table pg_temp.shown', $$select method, 'registered' as status, 1 as failures, null::interval as duration from authn.methods where lockable$$,
    'the first failure after it counts as 1');
select pg_temp.fail(method::text, 'Shop', case when scope = 'global_user' then 1 else 3 end) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'registered'$$, 'no free guess, no early lock');
select pg_temp.fail(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select bag_eq('select method, status, duration from pg_temp.shown', $$select method, 'locked' as status, interval '15 minutes' as duration from authn.methods where lockable$$,
    'the Nth locks again, for the full duration');

select is_empty($$select * from authn.methods where lockable and pg_temp.succeed(method::text, 'Shop') <> 'refused'$$, 'and the right secret comes too late');

select * from finish();
rollback;
