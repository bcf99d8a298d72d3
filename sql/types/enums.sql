create type authn.method as enum (
    'password',
    'totp',
    'pin',
    'passkey',
    'mobile_biometric',
    'sms_otp',
    'email_otp',
    'email_magic_link',
    'social',
    'oidc',
    'saml'
);
comment on type authn.method is 'the type of an authenticator';

create type authn.scope as enum ('global_user', 'app_user', 'device_user');
comment on type authn.scope is 'what an authenticator is bound to: the user in the tenant, the user in an app, the user''s device in an app';

create type authn.registration as enum ('explicit', 'implicit');
comment on type authn.registration is 'explicit: the user enrols; implicit: it comes with an address on the profile or a first login';

create type authn.status as enum ('registered', 'active', 'locked', 'deactivated', 'mixed');
comment on type authn.status is 'derived, never stored; mixed only as an aggregate over contexts that differ';

create type authn.user_status as enum ('pending', 'active', 'suspended');
comment on type authn.user_status is 'pending: never authenticated; suspended: may authenticate nowhere in the tenant';

create type authn.unlock_cause as enum ('automatic', 'manual', 'any');
comment on type authn.unlock_cause is 'what an unlock lifts: a policy''s lock, an administrator''s deactivation, or both';

create type authn.event_kind as enum (
    'registered',
    'removed',
    'attempt_succeeded',
    'attempt_failed',
    'attempt_refused',
    'locked',
    'lock_expired',
    'unlocked',
    'deactivated',
    'deactivation_expired',
    'reactivated',
    'user_suspended',
    'user_reinstated',
    'policy_changed'
);
comment on type authn.event_kind is 'what happened; the two expiries are derived where events are read';
