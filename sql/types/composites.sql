create type authn.context_change as (
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    method authn.method,
    status_before authn.status,
    status_after authn.status
);
comment on type authn.context_change is
    'one context that an action touched; app_id is null for an authenticator that has no context yet';

create type authn.attempt_outcome as (
    outcome text,
    status authn.status,
    failures integer,
    locked_until timestamptz
);
comment on type authn.attempt_outcome is
    'the answer to an attempt: only outcome ''succeeded'' lets anybody in; locked_until ''infinity'' means until unlocked';

create type authn._lockout_policy as (
    tier_failures integer[],
    tier_durations interval[],
    failures_expire_after interval,
    then_permanent boolean,
    hard_cap integer,
    source text,
    version integer,
    reservation_ttl interval
);
comment on type authn._lockout_policy is
    'a lockout policy as the rules take it, and the tenant''s settings beside it; source: app, tenant or default; version 0 is the default''s';

create type authn._next_facts as (
    failures integer,
    failures_since_success integer,
    tier integer,
    locked_until timestamptz,
    cause text,
    lock_tier integer
);
comment on type authn._next_facts is
    'what a failure leaves of a lock domain; cause: tier, then_permanent or hard_cap where this failure locked, else null';

create type authn._attempt_facts as (
    decision text,
    at timestamptz,
    tenant_id uuid,
    method authn.method,
    device_id uuid,
    domain_id uuid,
    domain_app_id uuid,
    context_id uuid,
    has_context boolean,
    available boolean,
    activated boolean,
    last_success_at timestamptz,
    blocked_since timestamptz,
    blocked_until timestamptz,
    locked_since timestamptz,
    locked_until timestamptz,
    failures integer,
    failures_since_success integer,
    tier integer,
    in_flight integer,
    last_failure_at timestamptz,
    latest_at timestamptz,
    event_number bigint
);
comment on type authn._attempt_facts is
    'everything that decides about an attempt; decision: open (its lock domain is held), locked, deactivated, not_available or unknown';
