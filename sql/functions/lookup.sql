-- Finding what a caller named. Row-level security hides what is another tenant's, so that its ids
-- answer exactly like ids that do not exist.

create function authn._require_storage()
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('authn_data.schema_version') is null then
        perform authn._raise('storage_missing', 'the tables are not there yet', 'Call authn.migrate() as an administrator.');
    end if;
end
$$;
comment on function authn._require_storage() is 'AU019 before authn.migrate() made the tables';

create function authn._tenant_of(user_id uuid)
returns uuid
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid;
begin
    select u.tenant_id
    into v_tenant_id
    from authn_data.users u
    where u.user_id = _tenant_of.user_id;

    if v_tenant_id is null then
        perform authn._raise(
            'unknown_user',
            format('there is no user %s', coalesce(_tenant_of.user_id::text, '(null)')),
            'Look the user up in authn.users.',
            'user_id'
        );
    end if;
    return v_tenant_id;
end
$$;
comment on function authn._tenant_of(uuid) is 'the tenant of a user; AU001 where the caller sees no such user';
grant execute on function authn._tenant_of(uuid) to authn_engine;

create function authn._require_tenant(tenant_id uuid)
returns void
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_storage();
    if not exists (select from authn_data.tenants t where t.tenant_id = _require_tenant.tenant_id) then
        perform authn._raise(
            'unknown_tenant',
            format('there is no tenant %s', coalesce(_require_tenant.tenant_id::text, '(null)')),
            'Look the tenant up in authn.tenants.',
            'tenant_id'
        );
    end if;
end
$$;
comment on function authn._require_tenant(uuid) is 'AU012 where the caller sees no such tenant';
grant execute on function authn._require_tenant(uuid) to authn_engine;

create function authn._tenant_of_app(app_id uuid, tenant_id uuid default null)
returns uuid
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid;
begin
    select p.tenant_id
    into v_tenant_id
    from authn_data.apps p
    where p.app_id = _tenant_of_app.app_id
      and (_tenant_of_app.tenant_id is null or p.tenant_id = _tenant_of_app.tenant_id);

    if v_tenant_id is null then
        perform authn._raise(
            'unknown_app',
            format('there is no app %s', coalesce(_tenant_of_app.app_id::text, '(null)')),
            'Look the app up in authn.apps.',
            'app_id'
        );
    end if;
    return v_tenant_id;
end
$$;
comment on function authn._tenant_of_app(uuid, uuid) is 'the tenant of an app; AU003 where the caller sees no such app, or not in the tenant named';

create function authn._method_of(user_id uuid, authenticator_id uuid)
returns authn.method
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_method authn.method;
begin
    perform authn._tenant_of(_method_of.user_id);

    -- Like the view of authenticators, without rolling it up: an app-restricted caller finds what he may see and
    -- nothing else.
    select a.method
    into v_method
    from authn_data.authenticators a
    where a.user_id = _method_of.user_id
      and a.authenticator_id = _method_of.authenticator_id
      and a.removed_at is null
      and exists (
          select
          from authn_data.contexts c
          where c.user_id = a.user_id
            and c.authenticator_id = a.authenticator_id
            and (c.registered_at is not null or c.app_id is null)
            and c.removed_at is null
      );

    if v_method is null then
        perform authn._raise(
            'unknown_authenticator',
            format('user %s has no authenticator %s', _method_of.user_id, coalesce(_method_of.authenticator_id::text, '(null)')),
            'Look the authenticator up in authn.authenticators.',
            'authenticator_id'
        );
    end if;
    return v_method;
end
$$;
comment on function authn._method_of(uuid, uuid) is 'the method of a user''s authenticator; AU001, AU002 where the caller sees none';

create function authn._require_device(user_id uuid, device_id uuid)
returns void
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._tenant_of(_require_device.user_id);

    if not exists (
        select
        from authn_data.devices d
        where d.user_id = _require_device.user_id
          and d.device_id = _require_device.device_id
    ) then
        perform authn._raise(
            'unknown_device',
            format('user %s has no device %s', _require_device.user_id, coalesce(_require_device.device_id::text, '(null)')),
            'Look the device up in authn.devices.',
            'device_id'
        );
    end if;
end
$$;
comment on function authn._require_device(uuid, uuid) is 'AU001, AU011 where the caller sees no such device of the user';

create function authn._require_future(until timestamptz)
returns void
language plpgsql
volatile
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if _require_future.until <= authn._clock() then
        perform authn._raise(
            'invalid_argument',
            format('"until" is %s, which is not in the future', _require_future.until),
            'Leave it out for a deactivation that lasts until it is lifted.',
            'until'
        );
    end if;
end
$$;
comment on function authn._require_future(timestamptz) is 'AU017 for an end that is over already';

create function authn._require_unrestricted()
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if authn.current_apps() is not null then
        perform authn._raise(
            'not_allowed',
            'a caller confined to some apps cannot act on every app',
            'Name one of your apps.',
            'app_id'
        );
    end if;
end
$$;
comment on function authn._require_unrestricted() is 'AU010 for a caller who is confined to some apps';

create function authn._require_may_deactivate()
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if not authn._may_deactivate() then
        perform authn._raise(
            'not_allowed',
            'this tenant does not let support deactivate or reactivate',
            'Ask an administrator, who may also change the setting support_may_deactivate.'
        );
    end if;
end
$$;
comment on function authn._require_may_deactivate() is 'AU010 for a caller who may not deactivate and reactivate';
