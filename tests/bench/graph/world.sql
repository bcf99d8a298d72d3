-- Two hundred users with twelve authenticators in three apps each, some of them locked, made through the public
-- functions. Their ids follow from a number, so that whoever puts load on has them at hand.
\set ON_ERROR_STOP on
set client_min_messages = warning;
create extension pg_stat_statements;
create extension pg_authn;
select authn.migrate();
alter role authn_gateway password :'password';

select authn.create_tenant('Bench') as tenant \gset
select authn.create_app(:'tenant', name) from unnest('{Shop,Wallet,Desk}'::text[]) name;
-- Longer than any run.
select authn.set_lockout_policy(:'tenant', 'pin', '[{"failures": 3, "duration": "1 day"}]');

insert into authn_data.users (user_id, tenant_id, display_name, email, phone)
select
    ('bbb00000-0000-4000-8000-' || 100000000000 + n)::uuid,
    :'tenant',
    'User ' || n,
    'user.' || n || '@example.com',
    '+49151' || 10000000 + n
from generate_series(1, 200) n;
analyze;

do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t);
    v_shop uuid := (select p.app_id from authn.apps p where p.name = 'Shop');
    v_wallet uuid := (select p.app_id from authn.apps p where p.name = 'Wallet');
    v_desk uuid := (select p.app_id from authn.apps p where p.name = 'Desk');
    v_user uuid;
    v_phone uuid;
    v_tablet uuid;
    v_laptop uuid;
    v_id uuid;
    v_app uuid;
begin
    for v_user in select u.user_id from authn.users u loop
        v_phone := authn.create_device(v_user, 'Pixel 9', 'android');
        v_tablet := authn.create_device(v_user, 'iPad', 'ios');
        v_laptop := authn.create_device(v_user, 'ThinkPad', 'web');

        foreach v_app in array array[v_shop, v_wallet, v_desk] loop
            v_id := authn.register_authenticator(v_user, 'password', v_app);
            perform authn.record_attempt(v_user, v_id, v_app, v_app <> v_desk, v_laptop, '192.0.2.10');
        end loop;
        foreach v_app in array array[v_wallet, v_desk] loop
            v_id := authn.register_authenticator(v_user, 'totp', v_app, name => 'Authenticator app');
            perform authn.record_attempt(v_user, v_id, v_app, true, v_phone, '192.0.2.11');
        end loop;
        v_id := authn.register_authenticator(v_user, 'pin', v_wallet, v_phone);
        for failure in 1..3 loop
            perform authn.record_attempt(v_user, v_id, v_wallet, false, null, '203.0.113.7');
        end loop;
        perform authn.register_authenticator(v_user, 'pin', v_wallet, v_tablet);
        foreach v_app in array array[v_shop, v_desk] loop
            v_id := authn.register_authenticator(v_user, 'passkey', v_app, v_laptop, name => 'ThinkPad');
            perform authn.record_attempt(v_user, v_id, v_app, true, null, '192.0.2.13');
        end loop;
        perform authn.register_authenticator(v_user, 'passkey', v_shop, v_phone, name => 'Pixel 9');
        v_id := authn.register_authenticator(v_user, 'mobile_biometric', v_wallet, v_phone, name => 'Face');
        perform authn.deactivate_authenticator(v_user, v_id, v_wallet, null, 'phone in repair');
        foreach v_app in array array[v_shop, v_desk] loop
            v_id := authn.register_authenticator(v_user, 'social', v_app, provider => 'google', identifier => v_user::text);
            perform authn.record_attempt(v_user, v_id, v_app, true, v_laptop, '192.0.2.14');
        end loop;
        v_id := authn.register_authenticator(v_user, 'oidc', v_desk, provider => 'workforce', identifier => v_user::text);
        perform authn.record_attempt(v_user, v_id, v_desk, true, v_laptop, '198.51.100.4');

        -- Those of the phone number and the email address, which every app uses.
        for v_id, v_app in
            select a.authenticator_id, p.app_id
            from authn.authenticators a, authn.apps p
            where a.user_id = v_user
              and a.method in ('sms_otp', 'email_otp', 'email_magic_link')
        loop
            perform authn.record_attempt(v_user, v_id, v_app, true, v_phone, '192.0.2.15');
        end loop;
        commit;
    end loop;
end
$$;

do $$
begin
    if exists (select from authn.authenticators a group by a.user_id having count(*) <> 12 or max(a.app_count) <> 3) then
        raise exception 'a user has not twelve authenticators in three apps';
    end if;
end
$$;
vacuum (analyze);
