-- The reserve protocol: begin, commit, verify, complete. A slot is held from begin to complete, so that
-- not even the verification runs more often than the policy says.

create function authn._slots(facts authn._attempt_facts, policy authn._lockout_policy)
returns integer
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Nothing locks it, so nothing limits it.
    if not authn._is_lockable(facts.method) then
        return 1;
    end if;
    return authn._free_slots(
        policy.tier_failures, policy.tier_durations, policy.failures_expire_after, policy.then_permanent,
        policy.hard_cap, facts.failures, facts.failures_since_success, facts.tier,
        facts.last_failure_at, facts.locked_until, facts.at, facts.in_flight
    );
end
$$;
comment on function authn._slots(authn._attempt_facts, authn._lockout_policy) is 'how many more attempts may be in flight on a lock domain';
grant execute on function authn._slots(authn._attempt_facts, authn._lockout_policy) to authn_engine;

create function authn._expire_reservations(user_id uuid, context_id uuid, at timestamptz)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_due record;
    v_facts authn._attempt_facts;
    v_any boolean := false;
begin
    for v_due in
        select r.*
        from authn_data.reservations r
        where r.user_id = _expire_reservations.user_id
          and r.context_id = _expire_reservations.context_id
          and r.ended_at is null
          and r.expires_at <= _expire_reservations.at
        order by r.expires_at, r.reserved_at, r.attempt_id
    loop
        v_any := true;
        select
            d.tenant_id, d.method, a.device_id, d.context_id, d.app_id, c.context_id,
            coalesce(c.registered_at is not null and c.removed_at is null, false), u.activated_at is not null,
            case when c.removed_at is null then c.last_success_at end,
            greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until),
            d.locked_since, d.locked_until, d.failures, d.failures_since_success, d.tier, d.last_failure_at,
            -- At the instant it ran out: everything later on this domain comes after this.
            greatest(v_due.expires_at, d.latest_at)
        into strict
            v_facts.tenant_id, v_facts.method, v_facts.device_id, v_facts.domain_id, v_facts.domain_app_id,
            v_facts.context_id, v_facts.has_context, v_facts.activated, v_facts.last_success_at,
            v_facts.blocked_until, v_facts.locked_since, v_facts.locked_until, v_facts.failures,
            v_facts.failures_since_success, v_facts.tier, v_facts.last_failure_at, v_facts.at
        from authn_data.contexts d
        join authn_data.authenticators a on a.user_id = d.user_id and a.authenticator_id = d.authenticator_id
        join authn_data.users u on u.user_id = d.user_id
        left join authn_data.contexts c
            on c.user_id = d.user_id and c.authenticator_id = d.authenticator_id and c.app_id = v_due.app_id
        left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
        where d.user_id = v_due.user_id
          and d.context_id = v_due.context_id;

        update authn_data.reservations r
        set ended_at = v_facts.at,
            outcome = 'expired'
        where r.user_id = v_due.user_id
          and r.attempt_id = v_due.attempt_id;

        -- Under a lock nothing counts, and an attempt that nobody completed is no exception.
        if authn._in_force(v_facts.locked_until, v_facts.at) then
            update authn_data.contexts d
            set in_flight = d.in_flight - 1
            where d.user_id = v_due.user_id
              and d.context_id = v_due.context_id;
        else
            perform authn._count_attempt(
                v_facts, v_due.user_id, v_due.authenticator_id, v_due.app_id, false, v_due.device_id,
                v_due.ip, v_due.user_agent, true, jsonb_build_object('abandoned', v_due.attempt_id)
            );
        end if;
    end loop;
    return v_any;
end
$$;
alter function authn._expire_reservations(uuid, uuid, timestamptz) owner to authn_engine;
comment on function authn._expire_reservations(uuid, uuid, timestamptz) is
    'counts the reservations of a lock domain that nobody completed as failures, each at the instant it ran out; false where none is due; the caller holds the domain';
grant execute on function authn._expire_reservations(uuid, uuid, timestamptz) to authn_owner;

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
    v_policy authn._lockout_policy;
begin
    if not authn._may_attempt() then
        perform authn._require_access('authn_service', 'authn_operator');
    end if;
    v_facts := authn._admit(begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id);
    if v_facts.decision = 'unknown' then
        perform authn._refuse_unknown_attempt(
            begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id
        );
    end if;
    if begin_attempt.device_id is not null then
        perform authn._check_attempt_device(begin_attempt.user_id, begin_attempt.device_id, v_facts);
    end if;

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

    v_policy := authn._policy(v_facts.tenant_id, v_facts.method, begin_attempt.app_id);
    if authn._slots(v_facts, v_policy) = 0 then
        decision := 'busy';
        select min(r.expires_at)
        into retry_at
        from authn_data.reservations r
        where r.user_id = begin_attempt.user_id
          and r.context_id = v_facts.domain_id
          and r.ended_at is null;
        return;
    end if;

    -- What ended an hour ago answers no completion any more; looked for now and then, not every time.
    if v_facts.event_number % 16 = 0 then
        delete from authn_data.reservations r
        where r.user_id = begin_attempt.user_id
          and r.ended_at < v_facts.at - interval '1 hour';
    end if;

    decision := 'admitted';
    insert into authn_data.reservations (
        user_id, tenant_id, context_id, authenticator_id, app_id, device_id, ip, user_agent, reserved_at, expires_at
    )
    values (
        begin_attempt.user_id, v_facts.tenant_id, v_facts.domain_id, begin_attempt.authenticator_id,
        begin_attempt.app_id, begin_attempt.device_id, begin_attempt.ip, begin_attempt.user_agent,
        v_facts.at, v_facts.at + v_policy.reservation_ttl
    )
    returning reservations.attempt_id into attempt_id;
    update authn_data.contexts c
    set in_flight = c.in_flight + 1,
        latest_at = v_facts.at
    where c.user_id = begin_attempt.user_id
      and c.context_id = v_facts.domain_id;
end
$$;
alter function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) owner to authn_engine;
comment on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) is
    'reserves a slot for one attempt: commit, verify, then complete it. decision: admitted (with an attempt_id), busy (every slot is in flight), locked, deactivated, not_available; retry_at: when asking again makes sense; AU001, AU002, AU003, AU011, AU016';
grant execute on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) to authn_service, authn_operator;

create function authn._ended_attempt(outcome text)
returns authn.attempt_outcome
language sql
immutable
parallel safe
return row(
    case when outcome in ('void', 'expired') then outcome else 'already_completed' end, null, null, null
)::authn.attempt_outcome;
comment on function authn._ended_attempt(text) is 'the answer to the completion of an attempt that has ended with this outcome';
grant execute on function authn._ended_attempt(text) to authn_engine;

create function authn.complete_attempt(user_id uuid, attempt_id uuid, succeeded boolean)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenants uuid[] := authn.visible_tenants();
    v_attempt record;
    v_facts authn._attempt_facts;
begin
    if not authn._may_attempt() then
        perform authn._require_access('authn_service', 'authn_operator');
    end if;
    if complete_attempt.succeeded is null then
        perform authn._raise('invalid_argument', 'an attempt succeeded or it did not', 'Pass true or false.', 'succeeded');
    end if;

    select r.*
    into v_attempt
    from authn_data.reservations r
    where r.user_id = complete_attempt.user_id
      and r.attempt_id = complete_attempt.attempt_id
      and r.tenant_id = any (v_tenants);
    if not found then
        perform authn._tenant_of(complete_attempt.user_id);
        perform authn._raise(
            'unknown_attempt',
            format('user %s has no attempt %s', complete_attempt.user_id, coalesce(complete_attempt.attempt_id::text, '(null)')),
            'Pass the attempt_id that authn.begin_attempt answered.',
            'attempt_id'
        );
    end if;

    if v_attempt.outcome is not null then
        return authn._ended_attempt(v_attempt.outcome);
    end if;

    loop
        v_facts := authn._admit(complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id);
        -- Removed meanwhile: nobody can complete it any more, so it runs out and counts; removing and adding
        -- again would be a way to free guesses otherwise.
        if v_facts.decision = 'unknown' then
            return row('not_available', null, null, null)::authn.attempt_outcome;
        end if;
        exit when v_facts.decision = 'open';

        -- A refusal holds nothing yet; ending an attempt takes its domain first, like everybody, and what ran
        -- out by then is counted before.
        perform
        from authn_data.contexts c
        where c.user_id = complete_attempt.user_id
          and c.context_id = v_attempt.context_id
        for no key update;
        perform authn._expire_reservations(complete_attempt.user_id, v_attempt.context_id, authn._clock());
        v_facts := authn._closed_door(complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id);
        exit when v_facts.decision in ('locked', 'deactivated', 'not_available');
    end loop;

    update authn_data.reservations r
    set ended_at = v_facts.at,
        outcome = case
            when v_facts.decision = 'not_available' then 'not_available'
            when v_facts.decision <> 'open' then 'refused'
            when complete_attempt.succeeded then 'succeeded'
            else 'failed'
        end
    where r.user_id = complete_attempt.user_id
      and r.attempt_id = complete_attempt.attempt_id
      and r.ended_at is null;
    if not found then
        return (
            select authn._ended_attempt(r.outcome)
            from authn_data.reservations r
            where r.user_id = complete_attempt.user_id
              and r.attempt_id = complete_attempt.attempt_id
        );
    end if;

    if v_facts.decision = 'open' then
        return authn._count_attempt(
            v_facts, complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id, complete_attempt.succeeded,
            v_attempt.device_id, v_attempt.ip, v_attempt.user_agent, true
        );
    end if;

    update authn_data.contexts c
    set in_flight = c.in_flight - 1
    where c.user_id = complete_attempt.user_id
      and c.context_id = v_attempt.context_id;
    if v_facts.decision <> 'not_available' then
        perform authn._note_refusal(
            complete_attempt.user_id, v_attempt.authenticator_id, v_attempt.app_id, v_attempt.device_id,
            v_facts, v_attempt.ip, v_attempt.user_agent
        );
    end if;
    return authn._refused(v_facts);
end
$$;
alter function authn.complete_attempt(uuid, uuid, boolean) owner to authn_engine;
comment on function authn.complete_attempt(uuid, uuid, boolean) is
    'turns a reservation into a success or failure, by the status at this instant; outcome: succeeded, failed, refused, not_available, void (unlocked in between), expired (counted as a failure already), already_completed; AU001, AU004, AU017';
grant execute on function authn.complete_attempt(uuid, uuid, boolean) to authn_service, authn_operator;
