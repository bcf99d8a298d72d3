-- Deactivation: an administrator's block, everywhere, in one app, or of a whole device. Independent of
-- locks; a fact with a beginning and an end, which nothing has to run for to be over.

create function authn._require_registered_in_app(user_id uuid, authenticator_id uuid, app_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if not exists (
        select
        from authn_data.contexts c
        where c.user_id = _require_registered_in_app.user_id
          and c.authenticator_id = _require_registered_in_app.authenticator_id
          and c.app_id = _require_registered_in_app.app_id
          and c.registered_at is not null
          and c.removed_at is null
    ) then
        perform authn._raise(
            'not_registered_in_app',
            'the authenticator is not registered in this app',
            'See authn.contexts for where it is.',
            'app_id'
        );
    end if;
end
$$;
comment on function authn._require_registered_in_app(uuid, uuid, uuid) is 'AU016 where the authenticator has no context in the app';

create function authn.deactivate_authenticator(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid default null,
    until timestamptz default null,
    reason text default null
)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_actor text := authn.current_actor();
    v_reason text := authn._reason(deactivate_authenticator.reason);
    v_method authn.method := authn._method_of(deactivate_authenticator.user_id, deactivate_authenticator.authenticator_id);
    v_ids uuid[] := array[deactivate_authenticator.authenticator_id];
    v_until timestamptz := coalesce(deactivate_authenticator.until, 'infinity');
    v_at timestamptz;
    v_before authn.context_change[];
    v_context_id uuid;
    v_changed boolean;
begin
    perform authn._require_may_deactivate();
    perform authn._require_future(deactivate_authenticator.until);
    if deactivate_authenticator.app_id is null then
        perform authn._require_unrestricted();
    else
        perform authn._tenant_of_app(
            deactivate_authenticator.app_id, authn._tenant_of(deactivate_authenticator.user_id)
        );
        if authn.method_scope(v_method) <> 'global_user' then
            perform authn._require_registered_in_app(
                deactivate_authenticator.user_id, deactivate_authenticator.authenticator_id, deactivate_authenticator.app_id
            );
        end if;
    end if;

    v_at := authn._lock_domains(deactivate_authenticator.user_id, v_ids);
    if deactivate_authenticator.app_id is not null and authn.method_scope(v_method) = 'global_user' then
        -- A global authenticator works in every app: it can be deactivated in one before it has
        -- been used there. The row carries the deactivation and begins no context.
        insert into authn_data.contexts (user_id, tenant_id, authenticator_id, app_id, method)
        select a.user_id, a.tenant_id, a.authenticator_id, deactivate_authenticator.app_id, a.method
        from authn_data.authenticators a
        where a.user_id = deactivate_authenticator.user_id
          and a.authenticator_id = deactivate_authenticator.authenticator_id
        on conflict on constraint one_context_per_app do nothing;
    end if;
    v_before := authn._statuses(deactivate_authenticator.user_id, v_ids, deactivate_authenticator.app_id, v_at);

    if deactivate_authenticator.app_id is null then
        update authn_data.authenticators a
        set deactivated_since = case when a.deactivated_until > v_at then a.deactivated_since else v_at end,
            deactivated_until = v_until,
            deactivated_by = v_actor,
            deactivation_reason = v_reason
        where a.user_id = deactivate_authenticator.user_id
          and a.authenticator_id = deactivate_authenticator.authenticator_id
          and (a.deactivated_until is null or a.deactivated_until <> v_until);
        v_changed := found;

        if v_changed then
            perform authn._record_user_event(
                deactivate_authenticator.user_id, 'deactivated', v_at, deactivate_authenticator.authenticator_id,
                null, null, v_method, authn._overall_before(v_before), 'deactivated',
                deactivate_authenticator.reason, jsonb_build_object('until', v_until)
            );
        end if;
    else
        update authn_data.contexts c
        set deactivated_since = case when c.deactivated_until > v_at then c.deactivated_since else v_at end,
            deactivated_until = v_until,
            deactivated_by = v_actor,
            deactivation_reason = v_reason
        where c.user_id = deactivate_authenticator.user_id
          and c.authenticator_id = deactivate_authenticator.authenticator_id
          and c.app_id = deactivate_authenticator.app_id
          and (c.deactivated_until is null or c.deactivated_until <> v_until)
        returning c.context_id into v_context_id;
        v_changed := found;

        if v_changed then
            perform authn._record_context_event(
                deactivate_authenticator.user_id, v_context_id, 'deactivated', v_at,
                authn._overall_before(v_before), 'deactivated',
                deactivate_authenticator.reason, jsonb_build_object('until', v_until)
            );
        end if;
    end if;

    if not v_changed then
        return;
    end if;
    perform authn._tell_domains(deactivate_authenticator.user_id, v_ids, v_at);

    return query
    select n.*
    from authn._changes(v_before, deactivate_authenticator.user_id, v_at) n;

    if not found then
        -- In an app where the global authenticator has no context: the fact is new all the same.
        return query
        select
            deactivate_authenticator.user_id, deactivate_authenticator.authenticator_id,
            deactivate_authenticator.app_id, null::uuid, v_method, null::authn.status, 'deactivated'::authn.status;
    end if;
end
$$;
comment on function authn.deactivate_authenticator(uuid, uuid, uuid, timestamptz, text) is
    'blocks an authenticator in one app, or with app_id null everywhere, until an instant (null: until reactivated), and answers each context it touched; again: no rows; AU001, AU002, AU003, AU010, AU016, AU017';
grant execute on function authn.deactivate_authenticator(uuid, uuid, uuid, timestamptz, text) to authn_support, authn_operator;

create function authn.reactivate_authenticator(
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
declare
    v_method authn.method := authn._method_of(reactivate_authenticator.user_id, reactivate_authenticator.authenticator_id);
    v_ids uuid[] := array[reactivate_authenticator.authenticator_id];
    v_at timestamptz;
    v_before authn.context_change[];
    v_context_id uuid;
    v_changed boolean;
begin
    perform authn._require_may_deactivate();
    if reactivate_authenticator.app_id is null then
        perform authn._require_unrestricted();
    else
        perform authn._tenant_of_app(
            reactivate_authenticator.app_id, authn._tenant_of(reactivate_authenticator.user_id)
        );
    end if;

    v_at := authn._lock_domains(reactivate_authenticator.user_id, v_ids);
    v_before := authn._statuses(reactivate_authenticator.user_id, v_ids, reactivate_authenticator.app_id, v_at);

    if reactivate_authenticator.app_id is null then
        update authn_data.authenticators a
        set deactivated_since = null,
            deactivated_until = null,
            deactivated_by = null,
            deactivation_reason = null
        where a.user_id = reactivate_authenticator.user_id
          and a.authenticator_id = reactivate_authenticator.authenticator_id
          and a.deactivated_until > v_at;
    else
        update authn_data.contexts c
        set deactivated_since = null,
            deactivated_until = null,
            deactivated_by = null,
            deactivation_reason = null
        where c.user_id = reactivate_authenticator.user_id
          and c.authenticator_id = reactivate_authenticator.authenticator_id
          and c.app_id = reactivate_authenticator.app_id
          and c.deactivated_until > v_at
        returning c.context_id into v_context_id;
    end if;
    v_changed := found;
    if not v_changed then
        return;
    end if;
    perform authn._tell_domains(reactivate_authenticator.user_id, v_ids, v_at);

    if reactivate_authenticator.app_id is null then
        perform authn._record_user_event(
            reactivate_authenticator.user_id, 'reactivated', v_at, reactivate_authenticator.authenticator_id,
            null, null, v_method, authn._overall_before(v_before),
            (
                select authn.overall_status(n.status_after)
                from authn._changes(v_before, reactivate_authenticator.user_id, v_at) n
            ),
            reactivate_authenticator.reason
        );
    else
        perform authn._record_context_event(
            reactivate_authenticator.user_id, v_context_id, 'reactivated', v_at, authn._overall_before(v_before),
            (
                select authn.overall_status(n.status_after)
                from authn._changes(v_before, reactivate_authenticator.user_id, v_at) n
            ),
            reactivate_authenticator.reason
        );
    end if;

    return query
    select n.*
    from authn._changes(v_before, reactivate_authenticator.user_id, v_at) n;

    if not found then
        return query
        select
            reactivate_authenticator.user_id, reactivate_authenticator.authenticator_id,
            reactivate_authenticator.app_id, null::uuid, v_method, 'deactivated'::authn.status, null::authn.status;
    end if;
end
$$;
comment on function authn.reactivate_authenticator(uuid, uuid, uuid, text) is
    'lifts the deactivation in one app, or with app_id null the one that holds everywhere, and answers each context it touched; again: no rows; AU001, AU002, AU003, AU010';
grant execute on function authn.reactivate_authenticator(uuid, uuid, uuid, text) to authn_support, authn_operator;

create function authn._authenticators_on_device(user_id uuid, device_id uuid)
returns uuid[]
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return array(
        select a.authenticator_id
        from authn_data.authenticators a
        where a.user_id = _authenticators_on_device.user_id
          and a.device_id = _authenticators_on_device.device_id
    );
end
$$;
comment on function authn._authenticators_on_device(uuid, uuid) is 'the device-scoped authenticators of a device, removed ones too';

create function authn.deactivate_device(
    user_id uuid,
    device_id uuid,
    until timestamptz default null,
    reason text default null
)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_actor text := authn.current_actor();
    v_reason text := authn._reason(deactivate_device.reason);
    v_ids uuid[];
    v_until timestamptz := coalesce(deactivate_device.until, 'infinity');
    v_at timestamptz;
    v_before authn.context_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_device(deactivate_device.user_id, deactivate_device.device_id);
    perform authn._require_future(deactivate_device.until);

    v_ids := authn._authenticators_on_device(deactivate_device.user_id, deactivate_device.device_id);
    v_at := authn._lock_domains(deactivate_device.user_id, v_ids);
    v_before := authn._statuses(deactivate_device.user_id, v_ids, null, v_at);

    update authn_data.devices d
    set deactivated_since = case when d.deactivated_until > v_at then d.deactivated_since else v_at end,
        deactivated_until = v_until,
        deactivated_by = v_actor,
        deactivation_reason = v_reason
    where d.user_id = deactivate_device.user_id
      and d.device_id = deactivate_device.device_id
      and (d.deactivated_until is null or d.deactivated_until <> v_until);
    if not found then
        return;
    end if;
    perform authn._tell_domains(deactivate_device.user_id, v_ids, v_at);
    perform authn._record_user_event(
        deactivate_device.user_id, 'deactivated', v_at, null, null, deactivate_device.device_id, null,
        authn._overall_before(v_before), 'deactivated', deactivate_device.reason, jsonb_build_object('until', v_until)
    );

    return query
    select n.*
    from authn._changes(v_before, deactivate_device.user_id, v_at) n;
end
$$;
comment on function authn.deactivate_device(uuid, uuid, timestamptz, text) is
    'blocks every device-scoped authenticator on a device, later ones too, until an instant (null: until reactivated); again: no rows; AU001, AU011, AU017';
grant execute on function authn.deactivate_device(uuid, uuid, timestamptz, text) to authn_admin, authn_operator;

create function authn.reactivate_device(user_id uuid, device_id uuid, reason text default null)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_ids uuid[];
    v_at timestamptz;
    v_before authn.context_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_device(reactivate_device.user_id, reactivate_device.device_id);

    v_ids := authn._authenticators_on_device(reactivate_device.user_id, reactivate_device.device_id);
    v_at := authn._lock_domains(reactivate_device.user_id, v_ids);
    v_before := authn._statuses(reactivate_device.user_id, v_ids, null, v_at);

    update authn_data.devices d
    set deactivated_since = null,
        deactivated_until = null,
        deactivated_by = null,
        deactivation_reason = null
    where d.user_id = reactivate_device.user_id
      and d.device_id = reactivate_device.device_id
      and d.deactivated_until > v_at;
    if not found then
        return;
    end if;
    perform authn._tell_domains(reactivate_device.user_id, v_ids, v_at);
    perform authn._record_user_event(
        reactivate_device.user_id, 'reactivated', v_at, null, null, reactivate_device.device_id, null,
        authn._overall_before(v_before),
        (
            select authn.overall_status(n.status_after)
            from authn._changes(v_before, reactivate_device.user_id, v_at) n
        ),
        reactivate_device.reason
    );

    return query
    select n.*
    from authn._changes(v_before, reactivate_device.user_id, v_at) n;
end
$$;
comment on function authn.reactivate_device(uuid, uuid, text) is
    'lifts the deactivation of a device; each authenticator is again what its other facts make it; again: no rows; AU001, AU011';
grant execute on function authn.reactivate_device(uuid, uuid, text) to authn_admin, authn_operator;
