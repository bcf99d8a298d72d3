create table authn_data.contexts (
    user_id uuid not null,
    context_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    authenticator_id uuid not null,
    -- null on the tenant-wide row of a global authenticator: its lock domain
    app_id uuid,
    method authn.method not null,
    -- null where the row only carries a deactivation in an app that has no context yet
    registered_at timestamptz,
    removed_at timestamptz,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_device_id uuid,
    deactivated_since timestamptz,
    deactivated_until timestamptz,
    deactivated_by text,
    deactivation_reason text,
    -- the facts of the lock domain, which authn_rules turns into the next ones
    failures integer not null default 0,
    failures_since_success integer not null default 0,
    tier integer not null default 0,
    -- reservations that nobody completed yet
    in_flight integer not null default 0,
    locked_since timestamptz,
    locked_until timestamptz,
    -- the clock of the domain, which never runs backwards
    latest_at timestamptz,
    event_number bigint not null default 0,
    constraint contexts_pkey primary key (user_id, context_id),
    constraint one_context_per_app unique nulls not distinct (user_id, authenticator_id, app_id),
    constraint context_belongs_to_an_authenticator
        foreign key (user_id, authenticator_id) references authn_data.authenticators (user_id, authenticator_id),
    constraint context_belongs_to_a_user
        foreign key (user_id, tenant_id) references authn_data.users (user_id, tenant_id),
    constraint context_of_an_app_of_the_same_tenant
        foreign key (app_id, tenant_id) references authn_data.apps (app_id, tenant_id),
    -- One check for eight, which it names when it refuses a row.
    constraint a_context_is_possible check (authn._refuse_context(authn._broken_constraint(
        app_id, method, registered_at, last_success_at, deactivated_since, deactivated_until,
        failures, failures_since_success, tier, in_flight, locked_since, locked_until
    )))
)
-- Every attempt updates its row in place: room on the page, and no index on what it writes, keep
-- the update heap-only.
with (fillfactor = 80);
alter table authn_data.contexts enable row level security;
alter table authn_data.contexts force row level security;
comment on table authn_data.contexts is
    'one authenticator in one app, and the counters of the lock domain: the context''s own, or of a global authenticator the tenant-wide row''s';

-- No attempt writes what is in it, so their updates stay heap-only.
create index contexts_deactivated on authn_data.contexts (tenant_id, deactivated_until) where deactivated_until is not null;
comment on index authn_data.contexts_deactivated is 'what is deactivated in an app, without reading the others';
