begin;
\ir helpers/world.psql
select plan(5);

select pg_temp.enrol(m, app) from unnest('{password,pin,sms_otp}'::authn.method[]) m, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select pg_temp.fail('password', 'Shop', 3) \g /dev/null
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id(m), pg_temp.id('Shop')) from unnest('{password,pin,sms_otp}'::text[]) m \g /dev/null
select bag_eq(
    $$select method, app_name from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select m, 'Wallet' from unnest('{password,pin,sms_otp}'::authn.method[]) m$$,
    'gone from Shop, there in Wallet'
);
select throws_ok(
    $$select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))$$, 'AU016', null,
    'it cannot go twice'
);
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id(m), pg_temp.id('Wallet')) from unnest('{password,pin,sms_otp}'::text[]) m \g /dev/null
select bag_eq(
    $$select method, status, app_label from authn.authenticators where user_id = pg_temp.id('ada') and method in ('password', 'pin', 'sms_otp')$$,
    $$values ('sms_otp'::authn.method, 'registered'::authn.status, null::text)$$,
    'with its last context an app- or device-scoped authenticator goes; a global one works on without'
);
select pg_temp.enrol('password', 'Shop') \g /dev/null
select is(
    (select failures from authn.contexts where authenticator_id = pg_temp.id('password')), 3, 'registered again, it counts on'
);
select results_eq(
    $$select app_name from authn.contexts where authenticator_id = pg_temp.id('password')$$, $$values ('Shop')$$,
    'only where it was registered again'
);

select * from finish();
rollback;
