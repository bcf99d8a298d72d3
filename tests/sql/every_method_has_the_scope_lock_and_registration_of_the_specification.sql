begin;
select plan(3);

create temp table specified (method authn.method, scope authn.scope, lockable boolean, registration authn.registration);
insert into specified values
    ('password', 'app_user', true, 'explicit'),
    ('totp', 'app_user', true, 'explicit'),
    ('pin', 'device_user', true, 'explicit'),
    ('passkey', 'device_user', false, 'explicit'),
    ('mobile_biometric', 'device_user', false, 'explicit'),
    ('sms_otp', 'global_user', true, 'implicit'),
    ('email_otp', 'global_user', true, 'implicit'),
    ('email_magic_link', 'global_user', false, 'implicit'),
    ('social', 'global_user', false, 'implicit'),
    ('oidc', 'global_user', false, 'implicit'),
    ('saml', 'global_user', false, 'implicit');

select bag_eq(
    'select method, scope, lockable, registration from authn.methods',
    'table specified',
    'the view of methods is the table of the specification'
);
select bag_eq(
    $$select m, authn.method_scope(m), authn.method_lockable(m), authn.method_registration(m)
      from unnest(enum_range(null::authn.method)) m$$,
    'table specified',
    'every label of the enum is decided about, none is left out'
);
select bag_eq(
    $$select method, scope, lockable, registration from authn._methods()$$,
    'select method::text, scope::text, lockable, registration::text from specified',
    'what the planner inlines is what the rules decided'
);

select * from finish();
rollback;
