create function authn.create_app(tenant_id uuid, name text, methods authn.method[] default null)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_method authn.method;
    v_app_id uuid;
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(create_app.tenant_id);
    perform authn._require_unrestricted();
    if coalesce(btrim(create_app.name), '') = '' then
        perform authn._raise('invalid_argument', 'an app has a name', null, 'name');
    end if;

    insert into authn_data.apps (tenant_id, name)
    values (create_app.tenant_id, btrim(create_app.name))
    on conflict on constraint app_name_is_unique_in_tenant do nothing
    returning app_id into v_app_id;
    if v_app_id is null then
        perform authn._raise(
            'invalid_argument',
            format('the tenant has an app named "%s" already', btrim(create_app.name)),
            'Choose another name.',
            'name'
        );
    end if;

    -- One by one: of many rows Citus makes a copy, which row-level security refuses.
    foreach v_method in array coalesce(create_app.methods, enum_range(null::authn.method)) loop
        insert into authn_data.app_methods (app_id, method, tenant_id)
        values (v_app_id, v_method, create_app.tenant_id)
        on conflict on constraint app_methods_pkey do nothing;
    end loop;
    return v_app_id;
end
$$;
comment on function authn.create_app(uuid, text, authn.method[]) is
    'makes an app that offers these methods (null: all) and answers its id; AU012, AU017';
grant execute on function authn.create_app(uuid, text, authn.method[]) to authn_admin, authn_operator;

create function authn._check_settings(method authn.method, of_app boolean, settings jsonb)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem record;
begin
    if _check_settings.method is null then
        perform authn._raise('invalid_argument', 'settings are those of a method', 'See authn.methods.', 'method');
    end if;
    if _check_settings.settings is null then
        perform authn._raise('settings_invalid', 'settings are an object', 'Write {} for none.', 'settings');
    end if;

    select p.condition, p.message, p.hint
    into v_problem
    from authn._settings_problem(_check_settings.method::text, _check_settings.of_app, _check_settings.settings) p;

    if found then
        perform authn._raise(v_problem.condition, v_problem.message, v_problem.hint, 'settings');
    end if;
end
$$;
comment on function authn._check_settings(authn.method, boolean, jsonb) is
    'AU009, AU014 for settings that do not fit the method, or not at this level';

create function authn._set_offered(app_id uuid, method authn.method, offered boolean, settings jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid := authn._tenant_of_app(_set_offered.app_id);
    v_before boolean;
begin
    -- One change at a time per tenant: each event tells what the one before it left.
    perform from authn_data.tenants t where t.tenant_id = v_tenant_id for no key update;
    v_before := exists (
        select
        from authn_data.app_methods m
        where m.app_id = _set_offered.app_id
          and m.method = _set_offered.method
          and m.offered
    );

    if _set_offered.offered then
        insert into authn_data.app_methods (app_id, method, tenant_id, settings)
        values (_set_offered.app_id, _set_offered.method, v_tenant_id, _set_offered.settings)
        on conflict on constraint app_methods_pkey do update
        set offered = true,
            settings = excluded.settings;
    else
        update authn_data.app_methods m
        set offered = false
        where m.app_id = _set_offered.app_id
          and m.method = _set_offered.method;
    end if;

    if v_before <> _set_offered.offered then
        perform authn._record_tenant_event(
            v_tenant_id, 'policy_changed', authn._clock(), _set_offered.app_id, _set_offered.method, null,
            jsonb_build_object('offered', _set_offered.offered, 'offered_before', v_before)
        );
    end if;
end
$$;
comment on function authn._set_offered(uuid, authn.method, boolean, jsonb) is
    'makes an app offer a method with these settings, or not offer it, and tells of it: availability has a history';

create function authn.enable_method(app_id uuid, method authn.method, settings jsonb default '{}')
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._tenant_of_app(enable_method.app_id);
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._check_settings(enable_method.method, true, enable_method.settings);
    perform authn._set_offered(enable_method.app_id, enable_method.method, true, enable_method.settings);
end
$$;
comment on function authn.enable_method(uuid, authn.method, jsonb) is
    'the app offers the method with these settings; AU003, AU009 for settings of a global method, AU014';
grant execute on function authn.enable_method(uuid, authn.method, jsonb) to authn_admin, authn_operator;

create function authn.disable_method(app_id uuid, method authn.method)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._tenant_of_app(disable_method.app_id);
    if disable_method.method is null then
        perform authn._raise('invalid_argument', 'name the method to disable', 'See authn.methods.', 'method');
    end if;

    perform authn._set_offered(disable_method.app_id, disable_method.method, false, null);
end
$$;
comment on function authn.disable_method(uuid, authn.method) is
    'the app no longer offers the method: contexts stay, marked not available, and attempts are answered not_available; AU003';
grant execute on function authn.disable_method(uuid, authn.method) to authn_admin, authn_operator;

create function authn.set_method_settings(tenant_id uuid, method authn.method, settings jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(set_method_settings.tenant_id);
    perform authn._check_settings(set_method_settings.method, false, set_method_settings.settings);

    insert into authn_data.tenant_methods (tenant_id, method, settings)
    values (set_method_settings.tenant_id, set_method_settings.method, set_method_settings.settings)
    on conflict on constraint tenant_methods_pkey do update
    set settings = excluded.settings;
end
$$;
comment on function authn.set_method_settings(uuid, authn.method, jsonb) is
    'the settings of a global method in every app of the tenant; AU009 for a method of another scope, AU012, AU014';
grant execute on function authn.set_method_settings(uuid, authn.method, jsonb) to authn_admin, authn_operator;
