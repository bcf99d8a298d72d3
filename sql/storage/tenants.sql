create table authn_data.tenants (
    tenant_id uuid not null default gen_random_uuid(),
    name text not null,
    created_at timestamptz not null default clock_timestamp(),
    -- settings: consecutive failures that lock whatever the policy says (NIST SP 800-63B-4 §3.2.2)
    hard_cap integer not null default 100,
    reservation_ttl interval not null default interval '30 seconds',
    retention interval not null default interval '400 days',
    support_may_deactivate boolean not null default false,
    -- the number of the tenant's latest event of its own
    event_number bigint not null default 0,
    constraint tenants_pkey primary key (tenant_id),
    constraint tenant_has_a_name check (btrim(name) <> ''),
    constraint hard_cap_is_at_most_100 check (hard_cap between 1 and 100),
    constraint reservation_ttl_is_positive check (reservation_ttl > interval '0'),
    constraint retention_is_positive check (retention > interval '0')
);
alter table authn_data.tenants enable row level security;
alter table authn_data.tenants force row level security;
comment on table authn_data.tenants is 'customer organisations, with their settings; nothing crosses them';
