begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.enrol('pin', app, device) from unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device \g /dev/null
select pg_temp.lock('pin' || device, app) from unnest('{Shop,Wallet}'::text[]) app, unnest(array['', ' on laptop']) device \g /dev/null
select bag_eq(
    $$select device_id, app_id, status_before::text, status_after::text
      from authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$,
    $$values (pg_temp.id('phone'), pg_temp.id('Shop'), 'locked', 'registered'), (pg_temp.id('laptop'), pg_temp.id('Shop'), 'locked', 'registered')$$,
    'a PIN on one device: every device in the app'
);
select pg_temp.lock('sms_otp', 'Wallet') \g /dev/null
select bag_eq(
    $$select method, app_id, status_before::text, status_after::text
      from authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))$$,
    $$values ('sms_otp'::authn.method, null::uuid, 'locked', 'registered')$$,
    'a text message code: tenant-wide, although asked from another app'
);
select is(
    pg_temp.error_of($$select authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Desk'))$$),
    'AU016 app_id', 'in an app where it is not registered: an error'
);
select is(
    pg_temp.error_of($$select authn.unlock_authenticator(pg_temp.id('ada'), gen_random_uuid(), pg_temp.id('Shop'))$$),
    'AU002 authenticator_id', 'an unknown authenticator: an error'
);

select * from finish();
rollback;
