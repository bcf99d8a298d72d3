create table authn_data.events (
    user_id uuid not null,
    -- whose count the number belongs to: a lock domain, or the user himself
    domain_id uuid not null,
    number bigint not null,
    at timestamptz not null,
    tenant_id uuid not null,
    kind authn.event_kind not null,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    method authn.method,
    status_before authn.status,
    status_after authn.status,
    actor text not null,
    role text,
    ip inet,
    user_agent text,
    request_id text,
    reason text,
    details jsonb,
    -- a reader that follows the log orders by what was committed, not by time alone
    xid xid8 not null default pg_current_xact_id(),
    constraint events_pkey primary key (user_id, domain_id, number, at),
    constraint event_numbers_are_positive check (number > 0),
    constraint expiries_are_derived check (kind not in ('lock_expired', 'deactivation_expired', 'attempt_refused'))
) partition by range (at);
alter table authn_data.events enable row level security;
alter table authn_data.events force row level security;
comment on table authn_data.events is
    'what happened, append-only; number counts without a gap within its domain, bumped in the update that it tells of';

-- Rows come in the order of time, so a summary of each range of pages finds a day, and costs a write nothing.
create index events_by_time on authn_data.events using brin (at);
comment on index authn_data.events_by_time is 'finds a span of time within a partition';

-- Written where the last one went, so an attempt finds the page it needs at hand, and hardly anything comes between
-- what a full page holds.
create index events_of_a_tenant on authn_data.events (tenant_id, at) with (fillfactor = 98);
comment on index authn_data.events_of_a_tenant is 'the latest events of a tenant, without reading all of them';

-- What followers read, in the order of commits. Hardly any attempt is in it.
create index status_changes_by_commit on authn_data.events (tenant_id, xid, at, domain_id, number)
with (fillfactor = 98)
where authn._changes_status(kind, status_before, status_after);
comment on index authn_data.status_changes_by_commit is 'finds what changed a status after a place in the log';

create index blocks_by_end on authn_data.events (tenant_id, (authn._written_end(details)), domain_id, number)
where kind in ('deactivated', 'user_suspended');
comment on index authn_data.blocks_by_end is 'finds the deactivations and suspensions that end in a span of time';

-- A log must never refuse a row: what no month was made for lands here.
create table authn_data.events_default partition of authn_data.events default;
alter table authn_data.events_default enable row level security;
alter table authn_data.events_default force row level security;
comment on table authn_data.events_default is 'events of months without a partition of their own';

create table authn_data.tenant_events (
    tenant_id uuid not null,
    number bigint not null,
    at timestamptz not null,
    kind authn.event_kind not null,
    app_id uuid,
    method authn.method,
    actor text not null,
    role text,
    ip inet,
    user_agent text,
    request_id text,
    reason text,
    details jsonb,
    xid xid8 not null default pg_current_xact_id(),
    constraint tenant_events_pkey primary key (tenant_id, number),
    constraint tenant_event_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint tenant_event_numbers_are_positive check (number > 0)
);
alter table authn_data.tenant_events enable row level security;
alter table authn_data.tenant_events force row level security;
create index tenant_events_by_time on authn_data.tenant_events (tenant_id, at);
comment on index authn_data.tenant_events_by_time is 'the latest of them, beside those of users';
comment on table authn_data.tenant_events is 'events of a tenant that belong to no user: changes of policy';
