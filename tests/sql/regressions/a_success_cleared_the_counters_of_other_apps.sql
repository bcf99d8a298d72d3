-- A success in one app, or with one method, cleared the counters of all: whoever had one account in order could
-- guess at another without end.
begin;
\ir ../helpers/world.psql
select plan(3);

select pg_temp.enrol(method, app, device) from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device where lockable \g /dev/null
select pg_temp.fail(method || device, app, case when scope = 'global_user' then 1 else 2 end)
from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest(array['', ' on laptop']) device
where lockable and (scope = 'device_user' or device = '') \g /dev/null
select results_eq($$select distinct failures from authn.contexts where user_id = pg_temp.id('ada')$$, 'values (2)', 'everything has failed twice');

select pg_temp.succeed('password', 'Shop'), pg_temp.succeed('pin', 'Shop'), pg_temp.succeed('sms_otp', 'Shop') \g /dev/null
select bag_eq(
    $$select method, app_name, device_name from authn.contexts where user_id = pg_temp.id('ada') and failures = 0$$,
    $$values ('password'::authn.method, 'Shop', null), ('pin', 'Shop', 'phone'), ('sms_otp', 'Shop', null), ('sms_otp', 'Wallet', null)$$,
    'what succeeded, of a global authenticator in every app'
);
select bag_eq(
    $$select method, app_name, device_name from authn.contexts where user_id = pg_temp.id('ada') and status = 'active'$$,
    $$values ('password'::authn.method, 'Shop', null), ('pin', 'Shop', 'phone'), ('sms_otp', 'Shop', null)$$,
    'and active is each context for itself'
);

select * from finish();
rollback;
