-- Three apps with a selection of methods each, and policies of every source.
do $$
declare
    v_tenant uuid := authn.create_tenant('Demo');
    v_shop uuid := authn.create_app(v_tenant, 'Shop');
    v_wallet uuid := authn.create_app(v_tenant, 'Wallet', array[
        'password', 'totp', 'pin', 'passkey', 'mobile_biometric', 'sms_otp', 'email_otp', 'oidc', 'saml'
    ]::authn.method[]);
    v_desk uuid := authn.create_app(v_tenant, 'Desk', array[
        'password', 'totp', 'sms_otp', 'email_magic_link', 'oidc', 'saml'
    ]::authn.method[]);
begin
    perform authn.enable_method(v_wallet, 'pin', '{"length": 6}');
    perform authn.enable_method(v_wallet, 'totp', '{"digits": 6, "period_seconds": 30}');
    perform authn.set_method_settings(v_tenant, 'sms_otp', '{"code_length": 6, "expires_in_seconds": 300}');

    -- Of the tenant, and long: the locks of the demo are still there next week. Email codes keep the
    -- built-in default.
    perform authn.set_lockout_policy(v_tenant, 'password', '[{"failures": 5, "duration": "30 days"}]', reason => 'demo');
    perform authn.set_lockout_policy(v_tenant, 'pin', '[{"failures": 5, "duration": "30 days"}]', reason => 'demo');
    perform authn.set_lockout_policy(v_tenant, 'sms_otp', '[{"failures": 3, "duration": "30 days"}]', reason => 'demo');
    -- Of the tenant: progressive, and for good in the end.
    perform authn.set_lockout_policy(
        v_tenant, 'totp',
        '[{"failures": 3, "duration": "5 minutes"}, {"failures": 6, "duration": "30 minutes"}, {"failures": 9}]',
        reason => 'one-time passwords are short'
    );
    -- Of an app: stricter, and short enough to watch it run out.
    perform authn.set_lockout_policy(
        v_tenant, 'password', '[{"failures": 3, "duration": "2 minutes"}]',
        app_id => v_desk, reason => 'agents call the help desk at once'
    );
end
$$;
