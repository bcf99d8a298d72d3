create table authn_data.event_closings (
    tenant_id uuid not null,
    -- counts within the tenant, without a gap
    number integer not null,
    -- what is covered: the tenant's events of one month that were written by transactions of this range
    month timestamptz not null,
    from_xid xid8 not null,
    to_xid xid8 not null,
    events bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    -- over the events alone, and over those, the row itself and the chain before it
    events_digest bytea not null,
    digest bytea not null,
    closed_at timestamptz not null,
    closed_by text not null,
    constraint event_closings_pkey primary key (tenant_id, number),
    constraint closing_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint closing_numbers_are_positive check (number > 0),
    constraint a_closing_covers_something check (to_xid > from_xid and events > 0 and last_at >= first_at)
);
alter table authn_data.event_closings enable row level security;
alter table authn_data.event_closings force row level security;
comment on table authn_data.event_closings is
    'the chained digests of the event log, append-only: what authn.verify_events compares the log with';

create table authn_data.log_servers (
    system_identifier bigint not null,
    -- added to the ids of its transactions
    ahead numeric not null,
    since timestamptz not null,
    constraint log_servers_pkey primary key (since)
);
alter table authn_data.log_servers enable row level security;
alter table authn_data.log_servers force row level security;
comment on table authn_data.log_servers is
    'the servers that wrote the event log, the latest being this one: how their transactions stand in one order';

create table authn_data.event_drops (
    dropped_before timestamptz not null,
    dropped_at timestamptz not null,
    dropped_by text not null,
    partitions text[] not null,
    constraint event_drops_pkey primary key (dropped_before)
);
alter table authn_data.event_drops enable row level security;
alter table authn_data.event_drops force row level security;
comment on table authn_data.event_drops is 'what retention took out of the event log, append-only: nothing before dropped_before is in it';

create table authn_data.event_baselines (
    user_id uuid not null,
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
    reason text,
    details jsonb,
    constraint event_baselines_pkey primary key (user_id, domain_id, number, at)
);
alter table authn_data.event_baselines enable row level security;
alter table authn_data.event_baselines force row level security;
comment on table authn_data.event_baselines is
    'of the events that retention took: of each kind the last one in each context, which is what decided at the cut; without where it came from';
