create table authn_data.apps (
    app_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    name text not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint apps_pkey primary key (app_id),
    constraint app_is_of_one_tenant unique (app_id, tenant_id),
    constraint app_name_is_unique_in_tenant unique (tenant_id, name),
    constraint app_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint app_has_a_name check (btrim(name) <> '')
);
alter table authn_data.apps enable row level security;
alter table authn_data.apps force row level security;
comment on table authn_data.apps is 'applications of a tenant that its users log in to';

create table authn_data.app_methods (
    app_id uuid not null,
    method authn.method not null,
    tenant_id uuid not null,
    offered boolean not null default true,
    settings jsonb not null default '{}',
    constraint app_methods_pkey primary key (app_id, method),
    constraint app_of_the_same_tenant foreign key (app_id, tenant_id) references authn_data.apps (app_id, tenant_id),
    constraint a_global_method_has_no_settings_per_app
        check (settings = '{}' or authn.method_scope(method) <> 'global_user')
);
alter table authn_data.app_methods enable row level security;
alter table authn_data.app_methods force row level security;
comment on table authn_data.app_methods is
    'the methods an app was ever given, whether it offers them now, and their settings in it';

create table authn_data.tenant_methods (
    tenant_id uuid not null,
    method authn.method not null,
    settings jsonb not null,
    constraint tenant_methods_pkey primary key (tenant_id, method),
    constraint settings_belong_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint only_a_global_method_has_settings_per_tenant check (authn.method_scope(method) = 'global_user')
);
alter table authn_data.tenant_methods enable row level security;
alter table authn_data.tenant_methods force row level security;
comment on table authn_data.tenant_methods is 'the settings of global methods: the tenant''s, the same in every app';
