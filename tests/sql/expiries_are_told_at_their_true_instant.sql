-- Even though nothing ran at that instant.
begin;
\ir helpers/world.psql
select plan(6);

create view pg_temp.expiries as
select kind::text, method, app_id, at from authn.events where user_id = pg_temp.id('ada') and kind in ('lock_expired', 'deactivation_expired');

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('totp', 'Shop') \g /dev/null
select pg_temp.lock(m, 'Shop') from unnest('{password,pin,sms_otp}'::text[]) m \g /dev/null
select is_empty('table pg_temp.expiries', 'a lock that runs has not expired');
select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop')) \g /dev/null
select pg_temp.time_passes('20 minutes') \g /dev/null
select bag_eq(
    'table pg_temp.expiries',
    $$select 'lock_expired', method, app_id, until from authn_data.locks where method <> 'pin'$$,
    'what ran out is told at its end; what was unlocked did not expire'
);
select is_empty(
    $$select * from authn_data.events where kind in ('lock_expired', 'deactivation_expired')$$, 'nothing was written for it'
);

select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop'), clock_timestamp() + interval '1 hour') \g /dev/null
create temp table ends as select deactivated_until - interval '1 hour' as at from authn_data.contexts where deactivated_until is not null;
select pg_temp.time_passes('1 hour') \g /dev/null
select results_eq(
    $$select method, app_id, at from pg_temp.expiries where kind = 'deactivation_expired'$$,
    $$select 'totp'::authn.method, pg_temp.id('Shop'), at from ends$$, 'a deactivation in an app likewise'
);
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), until => clock_timestamp() + interval '1 hour') \g /dev/null
select pg_temp.time_passes('1 hour') \g /dev/null
select results_eq(
    $$select count(*)::integer from pg_temp.expiries where kind = 'deactivation_expired' and method = 'password'$$, 'values (1)', 'and one everywhere'
);
select authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'), clock_timestamp() + interval '1 hour') \g /dev/null
select pg_temp.time_passes('1 hour') \g /dev/null
select results_eq(
    $$select count(*)::integer from authn.events where kind = 'deactivation_expired' and device_id = pg_temp.id('phone')$$, 'values (1)', 'and a device''s'
);

select * from finish();
rollback;
