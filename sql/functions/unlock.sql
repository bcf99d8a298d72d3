-- Unlock: scope decides the reach (README, "Reach"). The lock domains of
--   a global method      are the tenant-wide rows,
--   an app-scoped one    the user's instance in the app,
--   a device-scoped one  every instance of the user in the app, on every device.

create function authn._unlock(
    user_id uuid,
    method authn.method,
    authenticator_id uuid,
    app_id uuid,
    reason text,
    cause authn.unlock_cause
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
    v_global boolean := authn.method_scope(_unlock.method) = 'global_user';
    v_lifts_locks boolean := _unlock.cause in ('automatic', 'any');
    v_lifts_deactivations boolean := _unlock.cause in ('manual', 'any');
    v_authenticators uuid[];
    v_unlocked uuid[] := '{}';
    v_reactivated uuid[] := '{}';
    v_at timestamptz;
    v_before authn.context_change[];
    v_row record;
begin
    if v_lifts_deactivations then
        perform authn._require_may_deactivate();
    end if;
    if v_lifts_locks and not authn.method_lockable(_unlock.method) then
        v_lifts_locks := false;
        if not v_lifts_deactivations then
            raise notice using
                errcode = 'AU007',
                message = format('failures never lock %s: there is nothing to unlock', _unlock.method);
            return;
        end if;
    end if;

    v_authenticators := array(
        select a.authenticator_id
        from authn_data.authenticators a
        where a.user_id = _unlock.user_id
          and a.method = _unlock.method
          and a.removed_at is null
          and (_unlock.authenticator_id is null or a.authenticator_id = _unlock.authenticator_id)
    );
    v_at := authn._lock_domains(_unlock.user_id, v_authenticators);
    v_before := authn._statuses(
        _unlock.user_id, v_authenticators, case when not v_global then _unlock.app_id end, v_at
    );

    if v_lifts_locks then
        for v_row in
            update authn_data.contexts c
            set failures = 0,
                failures_since_success = 0,
                tier = 0,
                in_flight = 0,
                locked_since = null,
                locked_until = null,
                latest_at = v_at
            where c.user_id = _unlock.user_id
              and c.authenticator_id = any (v_authenticators)
              and c.app_id is not distinct from case when not v_global then _unlock.app_id end
              and (c.registered_at is not null or c.app_id is null)
              and c.removed_at is null
              and (c.failures > 0 or c.failures_since_success > 0 or c.tier > 0 or c.in_flight > 0 or c.locked_until is not null)
            returning c.context_id, c.authenticator_id
        loop
            perform authn._void_reservations(_unlock.user_id, v_row.context_id, v_at);
            update authn_data.locks l
            set ended_at = v_at,
                ended_by = v_actor
            where l.user_id = _unlock.user_id
              and l.context_id = v_row.context_id
              and l.ended_at is null
              and l.until > v_at;

            perform authn._record_context_event(
                _unlock.user_id, v_row.context_id, 'unlocked', v_at,
                authn._overall_before(array(
                    select b from unnest(v_before) b where b.authenticator_id = v_row.authenticator_id
                )),
                (
                    select authn.overall_status(n.status_after)
                    from authn._changes(v_before, _unlock.user_id, v_at) n
                    where n.authenticator_id = v_row.authenticator_id
                ),
                _unlock.reason,
                jsonb_build_object('asked_from', _unlock.app_id, 'cause', _unlock.cause)
            );
            v_unlocked := v_unlocked || v_row.authenticator_id;
        end loop;
    end if;

    -- Asked from an app, a deactivation that holds everywhere stays.
    if v_lifts_deactivations then
        for v_row in
            update authn_data.contexts c
            set deactivated_since = null,
                deactivated_until = null,
                deactivated_by = null,
                deactivation_reason = null
            where c.user_id = _unlock.user_id
              and c.authenticator_id = any (v_authenticators)
              and c.app_id = _unlock.app_id
              and c.deactivated_until > v_at
            returning c.context_id, c.authenticator_id
        loop
            perform authn._record_context_event(
                _unlock.user_id, v_row.context_id, 'reactivated', v_at,
                (
                    select b.status_before
                    from unnest(v_before) b
                    where b.authenticator_id = v_row.authenticator_id
                      and b.app_id = _unlock.app_id
                ),
                (
                    select n.status_after
                    from authn._changes(v_before, _unlock.user_id, v_at) n
                    where n.authenticator_id = v_row.authenticator_id
                      and n.app_id = _unlock.app_id
                ),
                _unlock.reason,
                jsonb_build_object('cause', _unlock.cause)
            );
            v_reactivated := v_reactivated || v_row.authenticator_id;
        end loop;
        perform authn._tell_domains(_unlock.user_id, v_reactivated, v_at);
    end if;

    return query
    select n.*
    from authn._changes(v_before, _unlock.user_id, v_at) n
    where n.authenticator_id = any (v_unlocked)
       or (n.authenticator_id = any (v_reactivated) and n.app_id = _unlock.app_id);
end
$$;
comment on function authn._unlock(uuid, authn.method, uuid, uuid, text, authn.unlock_cause) is
    'clears locks and counters, or deactivations, of a method (or one global authenticator) as far as its scope reaches';

create function authn._require_unlock_app(user_id uuid, method authn.method, app_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if _require_unlock_app.app_id is not null then
        perform authn._tenant_of_app(_require_unlock_app.app_id, authn._tenant_of(_require_unlock_app.user_id));
    elsif authn.method_scope(_require_unlock_app.method) <> 'global_user' then
        perform authn._raise(
            'app_required',
            format('%s is unlocked in an app', _require_unlock_app.method),
            'Name the app.',
            'app_id'
        );
    end if;
end
$$;
comment on function authn._require_unlock_app(uuid, authn.method, uuid) is
    'AU003 for an unknown app, AU005 for none where the scope needs one';

create function authn.unlock(
    user_id uuid,
    method authn.method,
    app_id uuid,
    reason text default null,
    cause authn.unlock_cause default 'automatic'
)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_support', 'authn_operator');
    perform authn._tenant_of(unlock.user_id);
    if unlock.method is null then
        perform authn._raise('invalid_argument', 'an unlock names a method', 'See authn.methods.', 'method');
    end if;
    perform authn._require_unlock_app(unlock.user_id, unlock.method, unlock.app_id);

    return query
    select u.*
    from authn._unlock(
        unlock.user_id, unlock.method, null, unlock.app_id, unlock.reason, coalesce(unlock.cause, 'automatic')
    ) u;
end
$$;
comment on function authn.unlock(uuid, authn.method, uuid, text, authn.unlock_cause) is
    'unlocks a method of a user, asked from an app, as far as the method''s scope reaches, and answers each context it changed; AU001, AU003, AU005, AU010; a notice AU007 for a method that cannot lock';
grant execute on function authn.unlock(uuid, authn.method, uuid, text, authn.unlock_cause) to authn_support, authn_operator;

create function authn.unlock_authenticator(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    reason text default null,
    cause authn.unlock_cause default 'automatic'
)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_method authn.method := authn._method_of(unlock_authenticator.user_id, unlock_authenticator.authenticator_id);
begin
    perform authn._require_access('authn_support', 'authn_operator');
    perform authn._require_unlock_app(unlock_authenticator.user_id, v_method, unlock_authenticator.app_id);
    if authn.method_scope(v_method) <> 'global_user' then
        perform authn._require_registered_in_app(
            unlock_authenticator.user_id, unlock_authenticator.authenticator_id, unlock_authenticator.app_id
        );
    end if;

    return query
    select u.*
    from authn._unlock(
        unlock_authenticator.user_id,
        v_method,
        case when authn.method_scope(v_method) = 'global_user' then unlock_authenticator.authenticator_id end,
        unlock_authenticator.app_id,
        unlock_authenticator.reason,
        coalesce(unlock_authenticator.cause, 'automatic')
    ) u;
end
$$;
comment on function authn.unlock_authenticator(uuid, uuid, uuid, text, authn.unlock_cause) is
    'unlocks what authn.unlock would for the method of this authenticator; AU001, AU002, AU003, AU005, AU010, AU016; a notice AU007 for a method that cannot lock';
grant execute on function authn.unlock_authenticator(uuid, uuid, uuid, text, authn.unlock_cause) to authn_support, authn_operator;
