create function authn.create_tenant(name text)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid;
begin
    perform authn._require_storage();
    if not authn._sees_every_tenant() then
        perform authn._raise('not_allowed', 'only an operator creates tenants', 'Act as a member of authn_operator, with no tenant set.');
    end if;
    if coalesce(btrim(create_tenant.name), '') = '' then
        perform authn._raise('invalid_argument', 'a tenant has a name', null, 'name');
    end if;

    -- Row-level security compares with the tenants that were there when the statement began.
    v_tenant_id := gen_random_uuid();
    insert into authn_data.tenants (tenant_id, name)
    values (v_tenant_id, btrim(create_tenant.name));
    return v_tenant_id;
end
$$;
comment on function authn.create_tenant(text) is 'makes a tenant and answers its id; AU010 for anybody but an operator';
grant execute on function authn.create_tenant(text) to authn_operator;

create function authn.set_tenant_settings(tenant_id uuid, settings jsonb, reason text default null)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_key text;
    v_value text;
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(set_tenant_settings.tenant_id);
    if jsonb_typeof(set_tenant_settings.settings) is distinct from 'object' then
        perform authn._raise(
            'settings_invalid', 'settings are an object', 'Write {"hard_cap": 50}.', 'settings'
        );
    end if;

    for v_key, v_value in
        select s.key, s.value from jsonb_each_text(set_tenant_settings.settings) s
    loop
        begin
            case v_key
                when 'hard_cap' then
                    update authn_data.tenants t set hard_cap = v_value::integer where t.tenant_id = set_tenant_settings.tenant_id;
                when 'reservation_ttl' then
                    update authn_data.tenants t set reservation_ttl = v_value::interval where t.tenant_id = set_tenant_settings.tenant_id;
                when 'retention' then
                    update authn_data.tenants t set retention = v_value::interval where t.tenant_id = set_tenant_settings.tenant_id;
                when 'support_may_deactivate' then
                    update authn_data.tenants t set support_may_deactivate = v_value::boolean where t.tenant_id = set_tenant_settings.tenant_id;
                else
                    perform authn._raise(
                        'settings_invalid',
                        format('there is no tenant setting "%s"', v_key),
                        'The settings are hard_cap, reservation_ttl, retention and support_may_deactivate.',
                        'settings'
                    );
            end case;
        exception
            when data_exception or check_violation or not_null_violation then
                perform authn._raise(
                    'settings_invalid',
                    format('%s is no value for "%s"', coalesce(quote_literal(v_value), 'null'), v_key),
                    'hard_cap is 1 to 100; reservation_ttl and retention are positive intervals; support_may_deactivate is true or false.',
                    'settings'
                );
        end;
    end loop;

    perform authn._record_tenant_event(
        set_tenant_settings.tenant_id, 'policy_changed', authn._clock(), null, null,
        set_tenant_settings.reason, jsonb_build_object('tenant_settings', set_tenant_settings.settings)
    );
end
$$;
comment on function authn.set_tenant_settings(uuid, jsonb, text) is
    'changes the settings named and leaves the others; AU012, AU014';
grant execute on function authn.set_tenant_settings(uuid, jsonb, text) to authn_admin, authn_operator;

create function authn.bind_role(role_name name, tenant_id uuid, access name, apps uuid[] default null)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_operator');
    if bind_role.role_name is null then
        perform authn._raise('invalid_argument', 'a database role has a name', null, 'role_name');
    end if;
    perform authn._require_tenant(bind_role.tenant_id);
    if bind_role.access is null
       or bind_role.access not in ('authn_reader', 'authn_support', 'authn_admin', 'authn_service')
    then
        perform authn._raise(
            'invalid_argument',
            format('%s is no role to bind to', coalesce(bind_role.access::text, 'null')),
            'Use authn_reader, authn_support, authn_admin or authn_service.',
            'access'
        );
    end if;
    if bind_role.apps is not null and (bind_role.access <> 'authn_support' or cardinality(bind_role.apps) = 0) then
        perform authn._raise(
            'invalid_argument',
            'only support is confined to apps, and then to at least one',
            'Leave apps out for every app of the tenant.',
            'apps'
        );
    end if;

    insert into authn_data.role_bindings (role_name, tenant_id, access, apps, bound_at, bound_by)
    values (bind_role.role_name, bind_role.tenant_id, bind_role.access, bind_role.apps, authn._clock(), authn.current_actor())
    on conflict on constraint role_bindings_pkey do update
    set tenant_id = excluded.tenant_id,
        access = excluded.access,
        apps = excluded.apps,
        bound_at = excluded.bound_at,
        bound_by = excluded.bound_by;
end
$$;
comment on function authn.bind_role(name, uuid, name, uuid[]) is
    'confines a database role that logs in by itself to a tenant, the rights of a role of the product and, for support, to apps';
grant execute on function authn.bind_role(name, uuid, name, uuid[]) to authn_operator;

create function authn.unbind_role(role_name name)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_operator');
    delete from authn_data.role_bindings b where b.role_name = unbind_role.role_name;
end
$$;
comment on function authn.unbind_role(name) is 'takes a binding back: the role sees nothing any more';
grant execute on function authn.unbind_role(name) to authn_operator;
