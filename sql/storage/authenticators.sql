create table authn_data.authenticators (
    user_id uuid not null,
    authenticator_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    method authn.method not null,
    device_id uuid,
    -- social: the provider; oidc, saml: the connection
    provider text,
    -- canonical email, canonical phone number, or the subject at the provider
    identifier text,
    name text,
    registered_at timestamptz not null,
    removed_at timestamptz,
    -- a deactivation everywhere; one in an app stands at the context
    deactivated_since timestamptz,
    deactivated_until timestamptz,
    deactivated_by text,
    deactivation_reason text,
    constraint authenticators_pkey primary key (user_id, authenticator_id),
    -- removal included: who registers the same again gets his old counter, lock and deactivations
    constraint one_authenticator_per_identity
        unique nulls not distinct (user_id, method, device_id, provider, identifier),
    constraint authenticator_belongs_to_a_user
        foreign key (user_id, tenant_id) references authn_data.users (user_id, tenant_id),
    constraint device_of_the_same_user foreign key (user_id, device_id) references authn_data.devices (user_id, device_id),
    constraint a_device_scoped_authenticator_has_a_device
        check ((authn.method_scope(method) = 'device_user') = (device_id is not null)),
    constraint a_global_authenticator_has_an_identity
        check ((authn.method_scope(method) = 'global_user') = (identifier is not null)),
    constraint a_federated_authenticator_has_a_provider
        check ((method in ('social', 'oidc', 'saml')) = (provider is not null)),
    constraint a_deactivation_has_a_beginning_and_an_end
        check ((deactivated_since is null) = (deactivated_until is null) and deactivated_until >= deactivated_since)
);
alter table authn_data.authenticators enable row level security;
alter table authn_data.authenticators force row level security;
comment on table authn_data.authenticators is
    'one way in which one user proves who they are, listed once however many apps use it; the facts that hold in every app';

create index authenticators_deactivated on authn_data.authenticators (tenant_id, deactivated_until) where deactivated_until is not null;
comment on index authn_data.authenticators_deactivated is 'what is deactivated in every app, without reading the others';
create index authenticators_removed on authn_data.authenticators (tenant_id) where removed_at is not null;
comment on index authn_data.authenticators_removed is 'what is removed, without reading the others';
