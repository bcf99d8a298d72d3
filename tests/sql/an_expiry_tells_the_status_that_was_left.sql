-- What was beneath: nothing but the end of the lock or block is told by it.
begin;
\ir helpers/clock.psql
select set_config('test.clock', (date_trunc('month', clock_timestamp()) - interval '5 days')::text, true) \g /dev/null
\ir helpers/world.psql
select plan(4);

create function pg_temp.after(duration interval) returns void
language plpgsql as $$
begin
    perform set_config('test.clock', (current_setting('test.clock')::timestamptz + duration)::text, true);
end
$$;
create view pg_temp.expiries as
select kind::text, method, status_before::text, status_after::text
from authn.events
where user_id = pg_temp.id('ada') and kind in ('lock_expired', 'deactivation_expired');

select pg_temp.enrol(m, 'Shop') from unnest('{password,totp,pin,passkey}'::authn.method[]) m \g /dev/null
select pg_temp.after('1 minute'), pg_temp.succeed('password', 'Shop') \g /dev/null
select pg_temp.after('1 minute'), pg_temp.lock(m, 'Shop') from unnest('{password,totp,sms_otp}'::text[]) m \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('totp')) \g /dev/null
select pg_temp.after('1 hour') \g /dev/null
select bag_eq(
    'table pg_temp.expiries',
    $$values ('lock_expired', 'password'::authn.method, 'locked', 'active'),
        ('lock_expired', 'sms_otp', 'locked', 'registered'),
        ('lock_expired', 'totp', 'locked', 'deactivated')$$,
    'a lock leaves what was before it, or what lies over it'
);

select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), until => current_setting('test.clock')::timestamptz + interval '1 hour') \g /dev/null
select pg_temp.after('2 hours') \g /dev/null
select results_eq(
    $$select method, status_after from pg_temp.expiries where kind = 'deactivation_expired'$$, $$values ('password'::authn.method, 'active')$$,
    'a deactivation likewise'
);
select authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'), current_setting('test.clock')::timestamptz + interval '1 hour') \g /dev/null
select pg_temp.after('2 hours') \g /dev/null
select results_eq(
    $$select status_after::text from authn.events where kind = 'deactivation_expired' and device_id = pg_temp.id('phone')$$, $$values ('registered')$$,
    'a device''s tells of everything on it'
);
select authn.suspend_user(pg_temp.id('ada'), current_setting('test.clock')::timestamptz + interval '1 hour') \g /dev/null
select pg_temp.after('2 hours') \g /dev/null
select results_eq(
    $$select status_after::text from authn.events where kind = 'deactivation_expired' and user_id = pg_temp.id('ada')
      and authenticator_id is null and device_id is null$$, $$values ('mixed')$$,
    'and a suspension of all there is'
);

select * from finish();
rollback;
