-- 300 people with what people have: a password here and there, a phone, a passkey, some mishaps.
do $$
declare
    v_first constant text[] := array[
        'Ada', 'Ben', 'Chloe', 'David', 'Elif', 'Felix', 'Grace', 'Hugo', 'Ines', 'Jonas',
        'Kira', 'Liam', 'Mira', 'Noah', 'Olga', 'Pavel', 'Rosa', 'Samir', 'Tessa', 'Yuki'
    ];
    v_last constant text[] := array[
        'Abe', 'Becker', 'Costa', 'Diaz', 'Evans', 'Fischer', 'Garcia', 'Huang',
        'Ivanov', 'Jensen', 'Kaya', 'Lopez', 'Moreau', 'Novak', 'Okafor'
    ];
    v_tenant uuid := (select t.tenant_id from authn.tenants t where t.name = 'Demo');
    v_shop uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Shop');
    v_wallet uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Wallet');
    v_desk uuid := (select p.app_id from authn.apps p where p.tenant_id = v_tenant and p.name = 'Desk');
    v_user uuid;
    v_phone uuid;
    v_laptop uuid;
    v_id uuid;
begin
    for i in 1..300 loop
        v_user := authn.create_user(
            v_tenant,
            lower(v_first[1 + i % 20] || '.' || v_last[1 + i / 20 % 15] || '@example.com'),
            case when i % 3 <> 0 then '+49 151 ' || to_char(2000000 + i * 7919, 'FM0000000') end,
            v_first[1 + i % 20] || ' ' || v_last[1 + i / 20 % 15]
        );
        v_phone := authn.create_device(v_user, case i % 2 when 0 then 'iPhone' else 'Pixel' end, case i % 2 when 0 then 'ios' else 'android' end);
        v_laptop := authn.create_device(v_user, 'Laptop', 'web');

        v_id := authn.register_authenticator(v_user, 'password', v_shop);
        if i % 4 <> 3 then
            perform authn.record_attempt(v_user, v_id, v_shop, true, v_laptop, '192.0.2.10');
        end if;
        if i % 2 = 0 then
            perform authn.register_authenticator(v_user, 'password', v_wallet);
            perform authn.record_attempt(v_user, v_id, v_wallet, i % 8 <> 0, v_phone, '192.0.2.11');
        end if;
        if i % 5 = 0 then
            perform authn.register_authenticator(v_user, 'password', v_desk);
        end if;
        if i % 17 = 0 then
            for failure in 1..5 loop
                perform authn.record_attempt(v_user, v_id, v_shop, false, null, '203.0.113.7');
            end loop;
        end if;

        if i % 4 = 0 then
            v_id := authn.register_authenticator(v_user, 'totp', v_wallet, name => 'Authenticator app');
            perform authn.record_attempt(v_user, v_id, v_wallet, true, v_phone, '192.0.2.11');
        end if;
        if i % 3 = 0 then
            v_id := authn.register_authenticator(v_user, 'pin', v_wallet, v_phone);
            perform authn.record_attempt(v_user, v_id, v_wallet, i % 9 <> 0, null, '192.0.2.12');
        end if;
        if i % 2 = 0 then
            v_id := authn.register_authenticator(v_user, 'passkey', v_shop, v_laptop, name => 'Passkey');
            if i % 6 <> 0 then
                perform authn.record_attempt(v_user, v_id, v_shop, true, null, '192.0.2.13');
            end if;
        end if;
        if i % 6 = 0 then
            v_id := authn.register_authenticator(v_user, 'mobile_biometric', v_wallet, v_phone, name => 'Face');
            perform authn.record_attempt(v_user, v_id, v_wallet, true, null, '192.0.2.12');
        end if;
        if i % 7 = 0 then
            v_id := authn.register_authenticator(v_user, 'social', v_shop, provider => 'google', identifier => 'google-' || i);
            perform authn.record_attempt(v_user, v_id, v_shop, true, v_laptop, '192.0.2.14');
        end if;
        if i % 11 = 0 then
            v_id := authn.register_authenticator(v_user, 'oidc', v_desk, provider => 'workforce', identifier => 'employee-' || i);
            perform authn.record_attempt(v_user, v_id, v_desk, true, v_laptop, '198.51.100.4');
        end if;
        if i % 13 = 0 then
            v_id := authn.register_authenticator(v_user, 'saml', v_desk, provider => 'partner', identifier => 'partner-' || i);
            perform authn.record_attempt(v_user, v_id, v_desk, true, v_laptop, '198.51.100.5');
        end if;

        if i % 3 = 1 then
            select a.authenticator_id into strict v_id from authn.authenticators a where a.user_id = v_user and a.method = 'sms_otp';
            perform authn.record_attempt(v_user, v_id, v_shop, true, v_phone, '192.0.2.15');
        end if;
        if i % 5 = 2 then
            select a.authenticator_id into strict v_id from authn.authenticators a where a.user_id = v_user and a.method = 'email_magic_link';
            perform authn.record_attempt(v_user, v_id, v_shop, true, v_laptop, '192.0.2.16');
        end if;
        if i % 5 = 4 then
            select a.authenticator_id into strict v_id from authn.authenticators a where a.user_id = v_user and a.method = 'email_otp';
            perform authn.record_attempt(v_user, v_id, v_wallet, true, v_laptop, '192.0.2.16');
        end if;
        if i % 41 = 0 then
            perform authn.suspend_user(v_user, reason => 'chargeback under review');
        end if;
        if i % 53 = 0 then
            perform authn.deactivate_device(v_user, v_phone, reason => 'reported stolen');
        end if;
    end loop;
end
$$;
