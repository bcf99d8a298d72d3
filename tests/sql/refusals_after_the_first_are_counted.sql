-- The first refusal of a lock is an event; the rest are a number beside it, written at most once a second.
begin;
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol('password', 'Shop'), pg_temp.lock('password', 'Shop') \g /dev/null
select pg_temp.fail('password', 'Shop', 4) \g /dev/null
create view pg_temp.further as
select (details ->> 'further')::integer as n from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_refused';
select results_eq('select n from pg_temp.further', 'values (0)', 'within the second nothing is written');

update authn_data.refusals set counted_at = counted_at - interval '1 second';
select pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq('select n from pg_temp.further', 'values (4)', 'the next one after it takes along what had come');
update authn_data.refusals set counted_at = counted_at - interval '1 second';
select pg_temp.fail('password', 'Shop') \g /dev/null
select results_eq('select n from pg_temp.further', 'values (5)', 'and none is counted twice');

select * from finish();
rollback;
