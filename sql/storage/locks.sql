create table authn_data.locks (
    user_id uuid not null,
    context_id uuid not null,
    -- the number of the event that tells of it
    number bigint not null,
    tenant_id uuid not null,
    authenticator_id uuid not null,
    app_id uuid,
    method authn.method not null,
    -- the policy that locked: version 0 is the built-in default
    policy_source text not null,
    policy_version integer not null,
    cause text not null,
    tier integer,
    failures integer not null,
    since timestamptz not null,
    until timestamptz not null,
    -- by an unlock; a lock that runs out is simply over
    ended_at timestamptz,
    ended_by text,
    constraint locks_pkey primary key (user_id, context_id, number),
    constraint lock_belongs_to_a_domain
        foreign key (user_id, context_id) references authn_data.contexts (user_id, context_id),
    constraint a_lock_ends_after_it_begins check (until > since),
    constraint policy_source_is_known check (policy_source in ('app', 'tenant', 'default')),
    constraint cause_is_known check (cause in ('tier', 'then_permanent', 'hard_cap')),
    constraint a_tier_lock_has_its_tier check ((cause = 'tier') = (tier is not null)),
    constraint who_unlocked_is_known check ((ended_at is null) = (ended_by is null))
);
alter table authn_data.locks enable row level security;
alter table authn_data.locks force row level security;
comment on table authn_data.locks is 'one row per lock: what locked, since when, until when; what "who is locked now" reads';

create index locks_in_force on authn_data.locks (tenant_id, until, context_id, number)
include (user_id, authenticator_id, app_id, since) where ended_at is null;
comment on index authn_data.locks_in_force is 'the locks nobody lifted, by their end: those of the future are in force';

create table authn_data.refusals (
    user_id uuid not null,
    context_id uuid not null,
    -- the beginning of the lock or deactivation that refuses
    since timestamptz not null,
    tenant_id uuid not null,
    authenticator_id uuid not null,
    app_id uuid not null,
    device_id uuid,
    method authn.method not null,
    status authn.status not null,
    first_at timestamptz not null,
    actor text not null,
    role text,
    ip inet,
    user_agent text,
    request_id text,
    -- those after the first, approximately; written at most once a second
    further bigint not null default 0,
    counted_at timestamptz not null,
    constraint refusals_pkey primary key (user_id, context_id, since),
    constraint refusal_belongs_to_a_domain
        foreign key (user_id, context_id) references authn_data.contexts (user_id, context_id)
);
alter table authn_data.refusals enable row level security;
alter table authn_data.refusals force row level security;
comment on table authn_data.refusals is 'the first attempt that each lock or deactivation refused; a flood of refusals adds nothing';

create index refusals_of_a_tenant on authn_data.refusals (tenant_id, first_at);
comment on index authn_data.refusals_of_a_tenant is 'the latest refusals of a tenant; the count of the rest is not in it, and stays on the page';
