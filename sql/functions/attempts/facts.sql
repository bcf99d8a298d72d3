-- The door that every attempt goes through. One read decides most refusals without a lock; then the
-- row lock, then the clock. Nothing here may use now(): a transaction can begin before it has the lock.

create function authn._read_attempt_facts(user_id uuid, authenticator_id uuid, app_id uuid)
returns authn._attempt_facts
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
begin
    select
        u.tenant_id,
        a.method,
        a.device_id,
        coalesce(w.context_id, c.context_id),
        case when w.context_id is null then c.app_id end,
        coalesce(w.epoch, c.epoch),
        c.context_id,
        coalesce(c.registered_at is not null and c.removed_at is null, false),
        coalesce(m.offered, false),
        u.activated_at is not null,
        case when c.removed_at is null then c.last_success_at end,
        greatest(u.suspended_since, a.deactivated_since, v.deactivated_since, c.deactivated_since),
        greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until),
        coalesce(w.locked_since, c.locked_since),
        coalesce(w.locked_until, c.locked_until),
        coalesce(w.failures, c.failures)
    into
        v_facts.tenant_id, v_facts.method, v_facts.device_id, v_facts.domain_id, v_facts.domain_app_id, v_facts.epoch,
        v_facts.context_id, v_facts.has_context, v_facts.available, v_facts.activated, v_facts.last_success_at,
        v_facts.blocked_since, v_facts.blocked_until, v_facts.locked_since, v_facts.locked_until, v_facts.failures
    from authn_data.users u
    join authn_data.authenticators a on a.user_id = u.user_id
    left join authn_data.contexts c
        on c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and c.app_id = _read_attempt_facts.app_id
    left join authn_data.contexts w
        on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
    left join authn_data.app_methods m
        on m.app_id = _read_attempt_facts.app_id and m.tenant_id = u.tenant_id and m.method = a.method
    left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
    where u.user_id = _read_attempt_facts.user_id
      and a.user_id = _read_attempt_facts.user_id
      and a.authenticator_id = _read_attempt_facts.authenticator_id
      and a.removed_at is null;
    return v_facts;
end
$$;
comment on function authn._read_attempt_facts(uuid, uuid, uuid) is
    'what decides about an attempt, read without a lock; method is null where there is no such authenticator';

create function authn._admit(user_id uuid, authenticator_id uuid, app_id uuid)
returns authn._attempt_facts
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
    v_epoch integer;
begin
    loop
        v_facts := authn._read_attempt_facts(_admit.user_id, _admit.authenticator_id, _admit.app_id);
        if v_facts.method is null or v_facts.domain_id is null
           or (not v_facts.has_context and authn.method_scope(v_facts.method) <> 'global_user')
        then
            perform authn._refuse_unknown_attempt(_admit.user_id, _admit.authenticator_id, _admit.app_id);
        end if;
        v_facts.at := authn._clock();
        if not v_facts.available then
            perform authn._tenant_of_app(_admit.app_id, v_facts.tenant_id);
            v_facts.decision := 'not_available';
            return v_facts;
        end if;

        v_facts.decision := authn.status_rule(
            v_facts.at, v_facts.blocked_until, v_facts.locked_until, v_facts.last_success_at
        );
        if v_facts.decision in ('deactivated', 'locked') then
            return v_facts;
        end if;

        -- Lock, then clock. Whoever changes what was read above bumps the epoch under this lock.
        select
            c.epoch, c.failures, c.failures_since_success, c.tier, c.in_flight,
            c.last_failure_at, c.last_attempt_at, c.locked_since, c.locked_until
        into strict
            v_epoch, v_facts.failures, v_facts.failures_since_success, v_facts.tier, v_facts.in_flight,
            v_facts.last_failure_at, v_facts.last_attempt_at, v_facts.locked_since, v_facts.locked_until
        from authn_data.contexts c
        where c.user_id = _admit.user_id
          and c.context_id = v_facts.domain_id
        for no key update;
        v_facts.at := greatest(authn._clock(), v_facts.last_attempt_at);

        if v_epoch = v_facts.epoch and not authn._in_force(v_facts.locked_until, v_facts.at) then
            v_facts.decision := 'open';
            if v_facts.in_flight = 0 or not authn._expire_reservations(_admit.user_id, v_facts) then
                return v_facts;
            end if;
        end if;
    end loop;
end
$$;
comment on function authn._admit(uuid, uuid, uuid) is
    'decides whether an attempt is open, and holds its lock domain if it is; AU001, AU002, AU003, AU016';
