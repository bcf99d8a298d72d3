-- Registering and removing authenticators. Who registers the same identity again finds the row that
-- removal left: id, counters, lock and deactivations are the old ones, dates are the new registration's.

create function authn._register(
    user_id uuid,
    tenant_id uuid,
    method authn.method,
    device_id uuid,
    provider text,
    identifier text,
    name text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz := authn._clock();
    v_authenticator_id uuid;
    v_removed_at timestamptz;
    v_domain_id uuid;
begin
    insert into authn_data.authenticators (user_id, tenant_id, method, device_id, provider, identifier, name, registered_at)
    values (
        _register.user_id, _register.tenant_id, _register.method, _register.device_id,
        _register.provider, _register.identifier, _register.name, v_at
    )
    on conflict on constraint one_authenticator_per_identity do nothing
    returning authenticator_id into v_authenticator_id;

    if v_authenticator_id is null then
        select a.authenticator_id, a.removed_at
        into strict v_authenticator_id, v_removed_at
        from authn_data.authenticators a
        where a.user_id = _register.user_id
          and a.method = _register.method
          and a.device_id is not distinct from _register.device_id
          and a.provider is not distinct from _register.provider
          and a.identifier is not distinct from _register.identifier
        for no key update;

        if v_removed_at is null then
            return v_authenticator_id;
        end if;

        update authn_data.authenticators a
        set removed_at = null,
            registered_at = v_at,
            name = coalesce(_register.name, a.name)
        where a.user_id = _register.user_id
          and a.authenticator_id = v_authenticator_id;
    end if;

    if authn.method_scope(_register.method) = 'global_user' then
        insert into authn_data.contexts (user_id, tenant_id, authenticator_id, method)
        values (_register.user_id, _register.tenant_id, v_authenticator_id, _register.method)
        on conflict on constraint one_context_per_app do nothing;

        select c.context_id
        into strict v_domain_id
        from authn_data.contexts c
        where c.user_id = _register.user_id
          and c.authenticator_id = v_authenticator_id
          and c.app_id is null;
        perform authn._record_context_event(_register.user_id, v_domain_id, 'registered', v_at);
    end if;
    return v_authenticator_id;
end
$$;
comment on function authn._register(uuid, uuid, authn.method, uuid, text, text, text) is
    'finds, revives or makes the authenticator of an identity that was checked, and answers its id';

create function authn._register_in_app(user_id uuid, authenticator_id uuid, app_id uuid, at timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid;
    v_method authn.method;
    v_context_id uuid;
begin
    select a.tenant_id, a.method
    into strict v_tenant_id, v_method
    from authn_data.authenticators a
    where a.user_id = _register_in_app.user_id
      and a.authenticator_id = _register_in_app.authenticator_id;

    insert into authn_data.contexts (user_id, tenant_id, authenticator_id, app_id, method, registered_at)
    values (
        _register_in_app.user_id, v_tenant_id, _register_in_app.authenticator_id, _register_in_app.app_id, v_method,
        _register_in_app.at
    )
    on conflict on constraint one_context_per_app do update
    set registered_at = _register_in_app.at,
        removed_at = null,
        last_success_at = null,
        last_device_id = null
    where contexts.registered_at is null
       or contexts.removed_at is not null
    returning context_id into v_context_id;

    if v_context_id is not null then
        perform authn._record_context_event(_register_in_app.user_id, v_context_id, 'registered', _register_in_app.at);
    end if;
end
$$;
comment on function authn._register_in_app(uuid, uuid, uuid, timestamptz) is
    'begins the context of an authenticator in an app; does nothing where it is there';
grant execute on function authn._register_in_app(uuid, uuid, uuid, timestamptz) to authn_engine;

create function authn._identity(
    user_id uuid,
    method authn.method,
    provider text,
    identifier text
)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_of_the_user text;
begin
    if (_identity.method in ('social', 'oidc', 'saml')) <> (coalesce(btrim(_identity.provider), '') <> '') then
        perform authn._raise(
            'identity_invalid',
            case
                when _identity.provider is null then format('%s needs a provider', _identity.method)
                else format('%s has no provider', _identity.method)
            end,
            'social names the provider, oidc and saml the connection; no other method has one.',
            'provider'
        );
    end if;

    if authn.method_scope(_identity.method) <> 'global_user' then
        if _identity.identifier is not null then
            perform authn._raise(
                'identity_invalid',
                format('%s has no identifier: it is the user''s only one, or the device''s', _identity.method),
                'Leave the identifier out.',
                'identifier'
            );
        end if;
        return null;
    end if;

    if _identity.method in ('social', 'oidc', 'saml') then
        if coalesce(btrim(_identity.identifier), '') = '' then
            perform authn._raise(
                'identity_invalid',
                format('%s needs an identifier', _identity.method),
                'The identifier is the subject that the provider names.',
                'identifier'
            );
        end if;
        return btrim(_identity.identifier);
    end if;

    -- An address is registered by being on the profile.
    select case when _identity.method = 'sms_otp' then authn.canonical_phone(u.phone) else authn.canonical_email(u.email) end
    into v_of_the_user
    from authn_data.users u
    where u.user_id = _identity.user_id;

    if v_of_the_user is null
       or v_of_the_user <> coalesce(
           case
               when _identity.identifier is null then v_of_the_user
               when _identity.method = 'sms_otp' then authn.canonical_phone(_identity.identifier)
               else authn.canonical_email(_identity.identifier)
           end, '')
    then
        perform authn._raise(
            'identity_invalid',
            format('%s is registered for the address on the user''s profile, and this is not it', _identity.method),
            'Call authn.update_user first, or leave the identifier out.',
            'identifier'
        );
    end if;
    return v_of_the_user;
end
$$;
comment on function authn._identity(uuid, authn.method, text, text) is
    'the canonical identity of an authenticator to be registered; null where the method has none; AU013';

create function authn.register_authenticator(
    user_id uuid,
    method authn.method,
    app_id uuid default null,
    device_id uuid default null,
    identifier text default null,
    provider text default null,
    name text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid := authn._tenant_of(register_authenticator.user_id);
    v_scope authn.scope := authn.method_scope(register_authenticator.method);
    v_authenticator_id uuid;
begin
    perform authn._require_access('authn_service', 'authn_admin', 'authn_operator');
    if v_scope is null then
        perform authn._raise('invalid_argument', 'an authenticator has a method', 'See authn.methods.', 'method');
    end if;
    if register_authenticator.app_id is null and v_scope <> 'global_user' then
        perform authn._raise(
            'app_required',
            format('%s is registered in an app', register_authenticator.method),
            'Name the app.',
            'app_id'
        );
    end if;
    if v_scope = 'device_user' then
        if register_authenticator.device_id is null then
            perform authn._raise(
                'device_required',
                format('%s is bound to a device', register_authenticator.method),
                'Name the device; authn.create_device makes one.',
                'device_id'
            );
        end if;
        perform authn._require_device(register_authenticator.user_id, register_authenticator.device_id);
    elsif register_authenticator.device_id is not null then
        perform authn._raise(
            'scope_mismatch',
            format('%s is not bound to a device', register_authenticator.method),
            'Leave the device out.',
            'device_id'
        );
    end if;
    if register_authenticator.app_id is not null then
        perform authn._tenant_of_app(register_authenticator.app_id, v_tenant_id);
        if not exists (
            select
            from authn_data.app_methods m
            where m.app_id = register_authenticator.app_id
              and m.method = register_authenticator.method
              and m.offered
        ) then
            perform authn._raise(
                'method_not_offered',
                format('the app does not offer %s', register_authenticator.method),
                'Call authn.enable_method first.',
                'method'
            );
        end if;
    end if;

    v_authenticator_id := authn._register(
        register_authenticator.user_id,
        v_tenant_id,
        register_authenticator.method,
        register_authenticator.device_id,
        btrim(register_authenticator.provider),
        authn._identity(
            register_authenticator.user_id, register_authenticator.method,
            register_authenticator.provider, register_authenticator.identifier
        ),
        register_authenticator.name
    );
    if register_authenticator.app_id is not null then
        perform authn._register_in_app(
            register_authenticator.user_id, v_authenticator_id, register_authenticator.app_id, authn._clock()
        );
    end if;
    return v_authenticator_id;
end
$$;
comment on function authn.register_authenticator(uuid, authn.method, uuid, uuid, text, text, text) is
    'registers an authenticator, in an app where one is named, and answers its id; again: the same id and dates; AU001, AU003, AU005, AU006, AU009, AU011, AU013, AU015';
grant execute on function authn.register_authenticator(uuid, authn.method, uuid, uuid, text, text, text)
    to authn_service, authn_admin, authn_operator;

create function authn._remove(user_id uuid, authenticator_id uuid, app_id uuid, reason text)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz;
    v_before authn.context_change[];
    v_context_id uuid;
    v_method authn.method;
    v_device_id uuid;
begin
    v_at := authn._lock_domains(_remove.user_id, array[_remove.authenticator_id]);
    v_before := authn._statuses(_remove.user_id, array[_remove.authenticator_id], _remove.app_id, v_at);

    if _remove.app_id is not null then
        update authn_data.contexts c
        set removed_at = v_at
        where c.user_id = _remove.user_id
          and c.authenticator_id = _remove.authenticator_id
          and c.app_id = _remove.app_id
          and c.registered_at is not null
          and c.removed_at is null
        returning c.context_id into v_context_id;
        if v_context_id is null then
            perform authn._raise(
                'not_registered_in_app',
                'the authenticator is not registered in this app',
                'See authn.contexts.',
                'app_id'
            );
        end if;
        perform authn._record_context_event(
            _remove.user_id, v_context_id, 'removed', v_at, v_before[1].status_before, null, _remove.reason
        );
    end if;

    -- Without an app, or with its last context gone, the authenticator goes; a global one works on
    -- without a context.
    update authn_data.authenticators a
    set removed_at = v_at
    where a.user_id = _remove.user_id
      and a.authenticator_id = _remove.authenticator_id
      and a.removed_at is null
      and (
          _remove.app_id is null
          or (
              not authn._is_global(a.method)
              and not exists (
                  select
                  from authn_data.contexts c
                  where c.user_id = a.user_id
                    and c.authenticator_id = a.authenticator_id
                    and c.registered_at is not null
                    and c.removed_at is null
              )
          )
      )
    returning a.method, a.device_id into v_method, v_device_id;

    if v_method is not null and _remove.app_id is null then
        update authn_data.contexts c
        set removed_at = case when c.registered_at is not null then coalesce(c.removed_at, v_at) end
        where c.user_id = _remove.user_id
          and c.authenticator_id = _remove.authenticator_id;

        perform authn._record_user_event(
            _remove.user_id, 'removed', v_at, _remove.authenticator_id, null, v_device_id, v_method,
            authn._overall_before(v_before), null, _remove.reason
        );
    end if;

    return query
    select b.user_id, b.authenticator_id, b.app_id, b.device_id, b.method, b.status_before, null::authn.status
    from unnest(v_before) b;
end
$$;
comment on function authn._remove(uuid, uuid, uuid, text) is 'removes an authenticator, or its context in one app';

create function authn.remove_authenticator(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid default null,
    reason text default null
)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_service', 'authn_admin', 'authn_operator');
    perform authn._method_of(remove_authenticator.user_id, remove_authenticator.authenticator_id);
    if remove_authenticator.app_id is null then
        perform authn._require_unrestricted();
    else
        perform authn._tenant_of_app(remove_authenticator.app_id, authn._tenant_of(remove_authenticator.user_id));
    end if;

    return query
    select r.*
    from authn._remove(
        remove_authenticator.user_id, remove_authenticator.authenticator_id,
        remove_authenticator.app_id, remove_authenticator.reason
    ) r;
end
$$;
comment on function authn.remove_authenticator(uuid, uuid, uuid, text) is
    'removes an authenticator everywhere, or from one app, and answers the contexts that went; counters, locks and deactivations outlive it; AU001, AU002, AU003, AU016';
grant execute on function authn.remove_authenticator(uuid, uuid, uuid, text) to authn_service, authn_admin, authn_operator;
