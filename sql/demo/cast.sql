-- Those whom the documentation talks about, each in a situation of their own.

-- Mia Mixed: her password is active in Shop and locked in Wallet.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_wallet uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Wallet');
    v_desk uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Desk');
    v_user uuid := authn.create_user(v_tenant, 'mia.mixed@example.com', '+49 151 1110001', 'Mia Mixed');
    v_phone uuid := authn.create_device(v_user, 'Pixel 9', 'android');
    v_tablet uuid := authn.create_device(v_user, 'iPad', 'ios');
    v_password uuid := authn.register_authenticator(v_user, 'password', v_shop);
    v_pin_on_phone uuid := authn.register_authenticator(v_user, 'pin', v_wallet, v_phone);
    v_pin_on_tablet uuid := authn.register_authenticator(v_user, 'pin', v_wallet, v_tablet);
    v_sms uuid;
    v_app uuid;
begin
    perform authn.register_authenticator(v_user, 'password', v_wallet);
    perform authn.record_attempt(v_user, v_password, v_shop, true, v_phone, '192.0.2.21', 'Shop/5.1 (Android 16)');
    for failure in 1..5 loop
        perform authn.record_attempt(v_user, v_password, v_wallet, false, null, '203.0.113.50');
    end loop;

    -- An SMS code that works in every app, and is locked in every app.
    select a.authenticator_id into strict v_sms from authn.authenticators a where a.user_id = v_user and a.method = 'sms_otp';
    foreach v_app in array array[v_shop, v_wallet, v_desk] loop
        perform authn.record_attempt(v_user, v_sms, v_app, true, v_phone, '192.0.2.21');
    end loop;
    for failure in 1..3 loop
        perform authn.record_attempt(v_user, v_sms, v_shop, false, null, '203.0.113.50');
    end loop;

    -- A PIN on two devices, locked on both.
    for failure in 1..5 loop
        perform authn.record_attempt(v_user, v_pin_on_phone, v_wallet, false);
        perform authn.record_attempt(v_user, v_pin_on_tablet, v_wallet, false);
    end loop;
end
$$;

-- Tom Timer: a lock of two minutes, which runs out by itself; a deactivation that ends in a week.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_desk uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Desk');
    v_user uuid := authn.create_user(v_tenant, 'tom.timer@example.com', '+49 151 1110002', 'Tom Timer');
    v_laptop uuid := authn.create_device(v_user, 'ThinkPad', 'web');
    v_password uuid := authn.register_authenticator(v_user, 'password', v_desk);
    v_passkey uuid := authn.register_authenticator(v_user, 'passkey', v_shop, v_laptop, name => 'ThinkPad');
begin
    perform authn.record_attempt(v_user, v_password, v_desk, true, v_laptop, '192.0.2.22');
    for failure in 1..3 loop
        perform authn.record_attempt(v_user, v_password, v_desk, false, v_laptop, '192.0.2.22');
    end loop;
    perform authn.record_attempt(v_user, v_passkey, v_shop, true, null, '192.0.2.22');
    perform authn.deactivate_authenticator(v_user, v_passkey, v_shop, clock_timestamp() + interval '7 days', 'laptop in repair');
end
$$;

-- Sue Suspended: suspended, with a lock underneath that suspension only covers.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_user uuid := authn.create_user(v_tenant, 'sue.suspended@example.com', null, 'Sue Suspended');
    v_password uuid := authn.register_authenticator(v_user, 'password', v_shop);
begin
    perform authn.record_attempt(v_user, v_password, v_shop, true);
    for failure in 1..5 loop
        perform authn.record_attempt(v_user, v_password, v_shop, false, null, '203.0.113.51');
    end loop;
    perform authn.suspend_user(v_user, reason => 'account takeover under investigation');
end
$$;

-- Nora New: an address and a password, nothing used yet; one way in is no longer offered.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_wallet uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Wallet');
    v_user uuid := authn.create_user(v_tenant, 'nora.new@example.com', null, 'Nora New');
begin
    perform authn.register_authenticator(v_user, 'password', v_shop);
    perform authn.register_authenticator(v_user, 'saml', v_wallet, provider => 'partner', identifier => 'partner-nora');
    perform authn.disable_method(v_wallet, 'saml');
end
$$;

-- Ravi Rules: a one-time password locked until an administrator unlocks, at the end of all tiers.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_wallet uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Wallet');
    v_desk uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Desk');
    v_user uuid := authn.create_user(v_tenant, 'ravi.rules@example.com', '+49 151 1110005', 'Ravi Rules');
    v_totp uuid := authn.register_authenticator(v_user, 'totp', v_wallet, name => 'Authenticator app');
begin
    perform authn.register_authenticator(v_user, 'totp', v_desk, name => 'Authenticator app');
    perform authn.record_attempt(v_user, v_totp, v_desk, true);
    perform authn.set_lockout_policy(v_tenant, 'totp', '[{"failures": 3}]', app_id => v_wallet, reason => 'the wallet holds money');
    for failure in 1..3 loop
        perform authn.record_attempt(v_user, v_totp, v_wallet, false, null, '203.0.113.52');
    end loop;
    perform authn.deactivate_authenticator(v_user, v_totp, v_desk, null, 'left the support team');
end
$$;

-- A name in a script that runs from right to left.
do $$
declare
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_user uuid := authn.create_user(v_tenant, 'layla.haddad@example.com', '+971 50 111 0006', 'ليلى حداد');
begin
    perform authn.record_attempt(
        v_user, authn.register_authenticator(v_user, 'password', v_shop), v_shop, true, null, '192.0.2.26'
    );
end
$$;
