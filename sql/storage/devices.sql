create table authn_data.devices (
    user_id uuid not null,
    device_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    name text not null,
    platform text,
    registered_at timestamptz not null default clock_timestamp(),
    deactivated_since timestamptz,
    deactivated_until timestamptz,
    deactivated_by text,
    deactivation_reason text,
    constraint devices_pkey primary key (user_id, device_id),
    constraint device_belongs_to_a_user foreign key (user_id, tenant_id) references authn_data.users (user_id, tenant_id),
    constraint device_has_a_name check (btrim(name) <> ''),
    constraint a_deactivation_has_a_beginning_and_an_end
        check ((deactivated_since is null) = (deactivated_until is null) and deactivated_until >= deactivated_since)
);
alter table authn_data.devices enable row level security;
alter table authn_data.devices force row level security;
comment on table authn_data.devices is
    'phones, browsers and computers of a user; deactivating one binds every device-scoped authenticator on it, later ones too';

create index devices_deactivated on authn_data.devices (tenant_id, deactivated_until) where deactivated_until is not null;
comment on index authn_data.devices_deactivated is 'the devices that are deactivated, without reading the others';
