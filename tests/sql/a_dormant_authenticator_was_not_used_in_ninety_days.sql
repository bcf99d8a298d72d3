begin;
\ir helpers/clock.psql
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('totp', 'Shop'), pg_temp.enrol('passkey', 'Shop') \g /dev/null
select pg_temp.succeed('totp', 'Shop') \g /dev/null
create temp table start as select clock_timestamp() as at;
select pg_temp.at(at + interval '60 days'), pg_temp.succeed('passkey', 'Shop') from start \g /dev/null
select pg_temp.at(at + interval '89 days') from start \g /dev/null
select is_empty('select * from authn.dormant_authenticators', 'before that it is not');
select pg_temp.at(at + interval '100 days') from start \g /dev/null
select results_eq(
    'select method, never_used, days_idle from authn.dormant_authenticators order by method', $$values ('password', true, 100), ('totp', false, 100)$$,
    'neither one that was used long ago nor one that never was; one that was used since is'
);
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('totp')) \g /dev/null
select results_eq('select method from authn.dormant_authenticators', $$values ('password')$$, 'what was removed is gone');

select * from finish();
rollback;
