-- Suspension of a user: laid over everything, writes no other fact, and leaves everything as it was.

create function authn._authenticators_of(user_id uuid)
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
        where a.user_id = _authenticators_of.user_id
    );
end
$$;
comment on function authn._authenticators_of(uuid) is 'all authenticators of a user, removed ones too';

create function authn.suspend_user(user_id uuid, until timestamptz default null, reason text default null)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_actor text := authn.current_actor();
    v_reason text := authn._reason(suspend_user.reason);
    v_ids uuid[];
    v_until timestamptz := coalesce(suspend_user.until, 'infinity');
    v_at timestamptz;
    v_before authn.context_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._tenant_of(suspend_user.user_id);
    perform authn._require_future(suspend_user.until);

    v_ids := authn._authenticators_of(suspend_user.user_id);
    v_at := authn._lock_domains(suspend_user.user_id, v_ids);
    v_before := authn._statuses(suspend_user.user_id, v_ids, null, v_at);

    update authn_data.users u
    set suspended_since = case when u.suspended_until > v_at then u.suspended_since else v_at end,
        suspended_until = v_until,
        suspended_by = v_actor,
        suspension_reason = v_reason
    where u.user_id = suspend_user.user_id
      and (u.suspended_until is null or u.suspended_until <> v_until);
    if not found then
        return;
    end if;
    perform authn._tell_domains(suspend_user.user_id, v_ids, v_at);
    perform authn._record_user_event(
        suspend_user.user_id, 'user_suspended', v_at,
        status_before => authn._overall_before(v_before),
        status_after => 'deactivated',
        reason => suspend_user.reason,
        details => jsonb_build_object('until', v_until)
    );

    return query
    select n.*
    from authn._changes(v_before, suspend_user.user_id, v_at) n;
end
$$;
comment on function authn.suspend_user(uuid, timestamptz, text) is
    'blocks every authenticator of a user until an instant (null: until reinstated); again: no rows; AU001, AU017';
grant execute on function authn.suspend_user(uuid, timestamptz, text) to authn_admin, authn_operator;

create function authn.reinstate_user(user_id uuid, reason text default null)
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
    perform authn._tenant_of(reinstate_user.user_id);

    v_ids := authn._authenticators_of(reinstate_user.user_id);
    v_at := authn._lock_domains(reinstate_user.user_id, v_ids);
    v_before := authn._statuses(reinstate_user.user_id, v_ids, null, v_at);

    update authn_data.users u
    set suspended_since = null,
        suspended_until = null,
        suspended_by = null,
        suspension_reason = null
    where u.user_id = reinstate_user.user_id
      and u.suspended_until > v_at;
    if not found then
        return;
    end if;
    perform authn._tell_domains(reinstate_user.user_id, v_ids, v_at);
    perform authn._record_user_event(
        reinstate_user.user_id, 'user_reinstated', v_at,
        status_before => authn._overall_before(v_before),
        status_after => (
            select authn.overall_status(n.status_after)
            from authn._changes(v_before, reinstate_user.user_id, v_at) n
        ),
        reason => reinstate_user.reason
    );

    return query
    select n.*
    from authn._changes(v_before, reinstate_user.user_id, v_at) n;
end
$$;
comment on function authn.reinstate_user(uuid, text) is
    'lifts a suspension: every authenticator is again exactly what it was, a lock still running included; again: no rows; AU001';
grant execute on function authn.reinstate_user(uuid, text) to authn_admin, authn_operator;
