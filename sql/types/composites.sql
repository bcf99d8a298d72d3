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

create type authn._attempt_facts as (
    decision text,
    at timestamptz,
    tenant_id uuid,
    method authn.method,
    device_id uuid,
    domain_id uuid,
    domain_app_id uuid,
    epoch integer,
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
    last_attempt_at timestamptz
);
comment on type authn._attempt_facts is
    'everything that decides about an attempt; decision: open (the lock domain is locked for it), locked, deactivated or not_available';
