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
