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

create type authn.batch_change as (
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    method authn.method,
    status_before authn.status,
    status_after authn.status,
    batch_id uuid
);
comment on type authn.batch_change is
    'one context that a bulk action touched, or would: authn.context_change and the id to undo it by, null where nothing was done';

create type authn._bulk_filter as (
    app_id uuid,
    methods authn.method[],
    statuses authn.status[],
    device_id uuid,
    user_ids uuid[],
    locked_since timestamptz,
    registered_since timestamptz,
    last_used_before timestamptz
);
comment on type authn._bulk_filter is 'what a bulk action is about; null: does not matter';

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

create type authn._begun_attempt as (
    decision text,
    attempt_id uuid,
    retry_at timestamptz
);
comment on type authn._begun_attempt is 'the answer to an attempt that begins, as authn.begin_attempt tells it';

create type authn._replayed as (
    attempts bigint,
    locks bigint,
    locked_for interval,
    refused bigint,
    refused_successes bigint,
    locked_until timestamptz
);
comment on type authn._replayed is 'what a policy would have made of the attempts of one lock domain';

create type authn.simulated_lockout as (
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    attempts bigint,
    locks bigint,
    locked_for interval,
    refused bigint,
    refused_successes bigint,
    would_be_locked_now boolean,
    locked_until timestamptz
);
comment on type authn.simulated_lockout is
    'what another policy would have made of the attempts of one lock domain; app_id is null where it holds in every app; refused_successes: logins that really succeeded and would have been refused';

create type authn.simulation_summary as (
    users bigint,
    authenticators bigint,
    attempts bigint,
    locks bigint,
    locked_for interval,
    refused bigint,
    refused_successes bigint,
    users_locked bigint,
    users_refused_a_success bigint,
    locked_now bigint
);
comment on type authn.simulation_summary is
    'what another policy would have made of all attempts: the totals of authn.simulated_lockout, and how many users it would have touched';

create type authn.past_status as (
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    method authn.method,
    available boolean,
    status authn.status,
    registered_at timestamptz,
    last_success_at timestamptz,
    locked_until timestamptz,
    deactivated_until timestamptz
);
comment on type authn.past_status is
    'one context as it was at an instant; app_id and available are null for an authenticator that had no context';

create type authn.status_change as (
    cursor text,
    at timestamptz,
    kind authn.event_kind,
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    method authn.method,
    status_before authn.status,
    status_after authn.status,
    reason text
);
comment on type authn.status_change is
    'something that changed a status: an event of authn.events, with the cursor from which to go on behind it';

create type authn._cursor as (
    tenant_id uuid,
    server text,
    xid xid8,
    at timestamptz,
    domain_id uuid,
    number bigint,
    own_end_is_next boolean,
    end_at timestamptz,
    end_domain_id uuid,
    end_number bigint
);
comment on type authn._cursor is
    'a follower''s place: behind an event of the log, and behind an end; own_end_is_next: but not yet behind the end of that event';
