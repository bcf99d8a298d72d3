-- What a backend remembers of refusals outlives a transaction; what the transaction wrote may not.
begin;
\ir helpers/world.psql
select plan(2);

select pg_temp.enrol('password', 'Shop'), pg_temp.lock('password', 'Shop') \g /dev/null
create view pg_temp.refused as
select (details ->> 'further')::integer as further from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_refused';

savepoint before;
select pg_temp.fail('password', 'Shop', 3) \g /dev/null
select results_eq('select count(*)::integer from pg_temp.refused', 'values (1)', 'a lock that refused has an event');
rollback to before;
select pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq('select count(*)::integer from pg_temp.refused', 'values (1)', 'and has one again, once that was rolled back');

select * from finish();
rollback;
