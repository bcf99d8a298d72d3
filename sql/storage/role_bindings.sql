create table authn_data.role_bindings (
    role_name name not null,
    tenant_id uuid not null,
    access name not null,
    apps uuid[],
    bound_at timestamptz not null default clock_timestamp(),
    bound_by text not null,
    constraint role_bindings_pkey primary key (role_name),
    constraint role_is_bound_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint access_is_a_role_of_the_product
        check (access in ('authn_reader', 'authn_support', 'authn_admin', 'authn_service')),
    constraint only_support_is_confined_to_apps check (apps is null or access = 'authn_support'),
    constraint confined_to_at_least_one_app check (cardinality(apps) > 0)
);
alter table authn_data.role_bindings enable row level security;
alter table authn_data.role_bindings force row level security;
comment on table authn_data.role_bindings is
    'which tenant, rights and apps a database role has that logs in by itself; an operator keeps it';
