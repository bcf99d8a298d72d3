-- The reserve protocol: begin, commit, verify, complete. A slot is held from begin to complete, so that
-- not even the verification runs more often than the policy says.

create function authn._slots(facts authn._attempt_facts, app_id uuid)
returns integer
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Nothing locks it, so nothing limits it.
    if not authn.method_lockable(facts.method) then
        return 1;
    end if;
    return (
        select authn._free_slots(
            p.tier_failures, p.tier_durations, p.failures_expire_after, p.then_permanent, p.hard_cap,
            facts.failures, facts.failures_since_success, facts.tier,
            facts.last_failure_at, facts.locked_until, facts.at, facts.in_flight
        )
        from authn._policy(facts.tenant_id, facts.method, _slots.app_id) p
    );
end
$$;
comment on function authn._slots(authn._attempt_facts, uuid) is 'how many more attempts may be in flight on a lock domain';

create function authn._expire_reservations(user_id uuid, facts authn._attempt_facts)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_due record;
    v_facts authn._attempt_facts := facts;
    v_outcome authn.attempt_outcome;
begin
    select r.*
    into v_due
    from authn_data.reservations r
    where r.user_id = _expire_reservations.user_id
      and r.context_id = facts.domain_id
      and r.ended_at is null
      and r.expires_at <= facts.at
    order by r.expires_at, r.attempt_id
    limit 1;
    if not found then
        return false;
    end if;

    -- At the instant it ran out: everything later on this domain comes after this.
    v_facts.at := greatest(v_due.expires_at, facts.last_attempt_at);
    update authn_data.reservations r
    set ended_at = v_facts.at,
        outcome = 'expired'
    where r.user_id = v_due.user_id
      and r.attempt_id = v_due.attempt_id;
    v_outcome := authn._count_attempt(
        v_facts, v_due.user_id, v_due.authenticator_id, v_due.app_id, false, v_due.device_id,
        v_due.ip, v_due.user_agent, true, jsonb_build_object('abandoned', v_due.attempt_id)
    );
    return true;
end
$$;
comment on function authn._expire_reservations(uuid, authn._attempt_facts) is
    'counts the oldest abandoned reservation of a lock domain as a failure at its expiry; false where none is due';

create function authn._void_reservations(user_id uuid, context_id uuid, at timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update authn_data.reservations r
    set ended_at = _void_reservations.at,
        outcome = 'void'
    where r.user_id = _void_reservations.user_id
      and r.context_id = _void_reservations.context_id
      and r.ended_at is null;
end
$$;
comment on function authn._void_reservations(uuid, uuid, timestamptz) is 'ends the attempts in flight on a lock domain without counting them';

create function authn.begin_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid default null,
    ip inet default null,
    user_agent text default null,
    out decision text,
    out attempt_id uuid,
    out retry_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
begin
    perform authn._require_access('authn_service', 'authn_operator');
    v_facts := authn._admit(begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id);
    perform authn._check_attempt_device(begin_attempt.user_id, begin_attempt.device_id, v_facts);

    if v_facts.decision <> 'open' then
        decision := v_facts.decision;
        if v_facts.decision = 'not_available' then
            return;
        end if;
        perform authn._note_refusal(
            begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id,
            begin_attempt.device_id, v_facts, begin_attempt.ip, begin_attempt.user_agent
        );
        retry_at := case when v_facts.decision = 'locked' then v_facts.locked_until else v_facts.blocked_until end;
        return;
    end if;

    if authn._slots(v_facts, begin_attempt.app_id) = 0 then
        decision := 'busy';
        select min(r.expires_at)
        into retry_at
        from authn_data.reservations r
        where r.user_id = begin_attempt.user_id
          and r.context_id = v_facts.domain_id
          and r.ended_at is null;
        return;
    end if;

    -- What ended long ago answers no completion any more.
    delete from authn_data.reservations r
    where r.user_id = begin_attempt.user_id
      and r.context_id = v_facts.domain_id
      and r.ended_at < v_facts.at - interval '1 day';

    decision := 'admitted';
    insert into authn_data.reservations (
        user_id, tenant_id, context_id, authenticator_id, app_id, device_id, ip, user_agent, reserved_at, expires_at
    )
    select
        begin_attempt.user_id, v_facts.tenant_id, v_facts.domain_id, begin_attempt.authenticator_id,
        begin_attempt.app_id, begin_attempt.device_id, begin_attempt.ip, begin_attempt.user_agent,
        v_facts.at, v_facts.at + t.reservation_ttl
    from authn_data.tenants t
    where t.tenant_id = v_facts.tenant_id
    returning reservations.attempt_id into attempt_id;
    update authn_data.contexts c
    set in_flight = c.in_flight + 1,
        last_attempt_at = v_facts.at
    where c.user_id = begin_attempt.user_id
      and c.context_id = v_facts.domain_id;
end
$$;
comment on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) is
    'reserves a slot for one attempt: commit, verify, then complete it. decision: admitted (with an attempt_id), busy (every slot is in flight), locked, deactivated, not_available; retry_at: when asking again makes sense; AU001, AU002, AU003, AU011, AU016';
grant execute on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) to authn_service, authn_operator;

create function authn._reservation(
    user_id uuid,
    inout attempt_id uuid,
    out context_id uuid,
    out authenticator_id uuid,
    out app_id uuid,
    out device_id uuid,
    out ip inet,
    out user_agent text,
    out outcome text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    select r.attempt_id, r.context_id, r.authenticator_id, r.app_id, r.device_id, r.ip, r.user_agent, r.outcome
    into attempt_id, context_id, authenticator_id, app_id, device_id, ip, user_agent, outcome
    from authn_data.reservations r
    where r.user_id = _reservation.user_id
      and r.attempt_id = _reservation.attempt_id;
end
$$;
comment on function authn._reservation(uuid, uuid) is 'an attempt that was begun; outcome is null while it is in flight, all is null where there is none';

create function authn.complete_attempt(user_id uuid, attempt_id uuid, succeeded boolean)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_attempt record;
    v_facts authn._attempt_facts;
    v_outcome authn.attempt_outcome;
begin
    perform authn._require_access('authn_service', 'authn_operator');
    if complete_attempt.succeeded is null then
        perform authn._raise('invalid_argument', 'an attempt succeeded or it did not', 'Pass true or false.', 'succeeded');
    end if;
    perform authn._tenant_of(complete_attempt.user_id);

    v_attempt := authn._reservation(complete_attempt.user_id, complete_attempt.attempt_id);
    if v_attempt.attempt_id is null then
        perform authn._raise(
            'unknown_attempt',
            format('user %s has no attempt %s', complete_attempt.user_id, coalesce(complete_attempt.attempt_id::text, '(null)')),
            'Pass the attempt_id that authn.begin_attempt answered.',
            'attempt_id'
        );
    end if;

    -- Under the lock of its domain nobody else ends it; what was decided while this waited is read
    -- after the wait, and what is due is expired by the door.
    perform
    from authn_data.contexts c
    where c.user_id = complete_attempt.user_id
      and c.context_id = v_attempt.context_id
    for no key update;
    v_attempt := authn._reservation(complete_attempt.user_id, complete_attempt.attempt_id);
    if v_attempt.outcome is null then
        v_facts := authn._admit(complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id);
        v_attempt := authn._reservation(complete_attempt.user_id, complete_attempt.attempt_id);
    end if;

    if v_attempt.outcome is not null then
        return row(
            case when v_attempt.outcome in ('void', 'expired') then v_attempt.outcome else 'already_completed' end,
            null, null, null
        )::authn.attempt_outcome;
    end if;

    if v_facts.decision = 'open' then
        v_outcome := authn._count_attempt(
            v_facts, complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id, complete_attempt.succeeded,
            v_attempt.device_id, v_attempt.ip, v_attempt.user_agent, true
        );
    else
        v_outcome := authn._refused(v_facts);
        if v_facts.decision <> 'not_available' then
            perform authn._note_refusal(
                complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id, v_attempt.device_id,
                v_facts, v_attempt.ip, v_attempt.user_agent
            );
        end if;
        update authn_data.contexts c
        set in_flight = c.in_flight - 1
        where c.user_id = complete_attempt.user_id
          and c.context_id = v_attempt.context_id;
    end if;

    update authn_data.reservations r
    set ended_at = v_facts.at,
        outcome = v_outcome.outcome
    where r.user_id = complete_attempt.user_id
      and r.attempt_id = complete_attempt.attempt_id;
    return v_outcome;
end
$$;
comment on function authn.complete_attempt(uuid, uuid, boolean) is
    'turns a reservation into a success or failure, by the status at this instant; outcome: succeeded, failed, refused, not_available, void (unlocked in between), expired (counted as a failure already), already_completed; AU001, AU004, AU017';
grant execute on function authn.complete_attempt(uuid, uuid, boolean) to authn_service, authn_operator;
