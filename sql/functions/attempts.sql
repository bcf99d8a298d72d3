-- Attempts. The hot path: one read that decides most refusals without a lock, one row lock, the clock,
-- one update, one event. Nothing here may use now(): a transaction's start can lie before the lock.

create function authn._attempt_facts(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    out tenant_id uuid,
    out method authn.method,
    out device_id uuid,
    out available boolean,
    out domain_id uuid,
    out epoch integer,
    out context_id uuid,
    out has_context boolean,
    out last_success_at timestamptz,
    out blocked_until timestamptz,
    out blocked_since timestamptz,
    out locked_until timestamptz,
    out locked_since timestamptz,
    out failures integer,
    out activated boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    select
        u.tenant_id,
        a.method,
        a.device_id,
        coalesce(m.offered, false),
        coalesce(w.context_id, c.context_id),
        coalesce(w.epoch, c.epoch),
        c.context_id,
        coalesce(c.registered_at is not null and c.removed_at is null, false),
        case when c.removed_at is null then c.last_success_at end,
        greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until),
        greatest(u.suspended_since, a.deactivated_since, v.deactivated_since, c.deactivated_since),
        coalesce(w.locked_until, c.locked_until),
        coalesce(w.locked_since, c.locked_since),
        coalesce(w.failures, c.failures),
        u.activated_at is not null
    into
        tenant_id, method, device_id, available, domain_id, epoch, context_id, has_context, last_success_at,
        blocked_until, blocked_since, locked_until, locked_since, failures, activated
    from authn_data.users u
    join authn_data.authenticators a on a.user_id = u.user_id
    left join authn_data.contexts c
        on c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and c.app_id = _attempt_facts.app_id
    left join authn_data.contexts w
        on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
    left join authn_data.app_methods m
        on m.app_id = _attempt_facts.app_id and m.tenant_id = u.tenant_id and m.method = a.method
    left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
    where u.user_id = _attempt_facts.user_id
      and a.user_id = _attempt_facts.user_id
      and a.authenticator_id = _attempt_facts.authenticator_id
      and a.removed_at is null;
end
$$;
comment on function authn._attempt_facts(uuid, uuid, uuid) is
    'everything that decides about an attempt with an authenticator in an app; method is null where there is no such authenticator';

create function authn._refuse_unknown_attempt(user_id uuid, authenticator_id uuid, app_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._tenant_of_app(
        _refuse_unknown_attempt.app_id, authn._tenant_of(_refuse_unknown_attempt.user_id)
    );
    perform authn._method_of(_refuse_unknown_attempt.user_id, _refuse_unknown_attempt.authenticator_id);
    perform authn._require_registered_in_app(
        _refuse_unknown_attempt.user_id, _refuse_unknown_attempt.authenticator_id, _refuse_unknown_attempt.app_id
    );
end
$$;
comment on function authn._refuse_unknown_attempt(uuid, uuid, uuid) is
    'says which id an attempt got wrong: AU001, AU003, AU002, AU016';

create function authn._note_refusal(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    facts record,
    status authn.status,
    ip inet,
    user_agent text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_since timestamptz := case when _note_refusal.status = 'locked' then facts.locked_since else facts.blocked_since end;
begin
    -- Looked up first: a flood of refusals is a flood of reads.
    if pg_is_in_recovery() or exists (
        select
        from authn_data.refusals r
        where r.user_id = _note_refusal.user_id
          and r.context_id = facts.domain_id
          and r.since = v_since
    ) then
        return;
    end if;

    insert into authn_data.refusals (
        user_id, context_id, since, tenant_id, authenticator_id, app_id, device_id, method, status, first_at,
        actor, role, ip, user_agent, request_id
    )
    values (
        _note_refusal.user_id, facts.domain_id, v_since, facts.tenant_id, _note_refusal.authenticator_id,
        _note_refusal.app_id, coalesce(_note_refusal.device_id, facts.device_id), facts.method,
        _note_refusal.status, clock_timestamp(), authn.current_actor(), authn.caller_role(),
        coalesce(_note_refusal.ip, authn._trusted_setting('ip')::inet),
        coalesce(_note_refusal.user_agent, authn._trusted_setting('user_agent')),
        authn._trusted_setting('request_id')
    )
    on conflict on constraint refusals_pkey do nothing;
end
$$;
comment on function authn._note_refusal(uuid, uuid, uuid, uuid, record, authn.status, inet, text) is
    'records the first attempt that a lock or deactivation refuses; reads only for every other';

create function authn.record_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    succeeded boolean,
    device_id uuid default null,
    ip inet default null,
    user_agent text default null
)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts record;
    v_domain authn_data.contexts;
    v_at timestamptz;
    v_before authn.status;
    v_after authn.status;
    v_next record;
    v_policy record;
    v_number bigint;
    v_kind authn.event_kind;
    v_failures integer := 0;
    v_locks boolean := false;
    v_locked_until timestamptz;
begin
    if record_attempt.succeeded is null then
        perform authn._raise('invalid_argument', 'an attempt succeeded or it did not', 'Pass true or false.', 'succeeded');
    end if;

    loop
        select f.*
        into v_facts
        from authn._attempt_facts(record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id) f;
        if v_facts.method is null or v_facts.domain_id is null
           or (not v_facts.has_context and authn.method_scope(v_facts.method) <> 'global_user')
        then
            perform authn._refuse_unknown_attempt(
                record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id
            );
        end if;
        if not v_facts.available then
            perform authn._tenant_of_app(record_attempt.app_id, v_facts.tenant_id);
            return row('not_available', null, null, null)::authn.attempt_outcome;
        end if;

        v_at := clock_timestamp();
        v_before := authn.status_rule(v_at, v_facts.blocked_until, v_facts.locked_until, v_facts.last_success_at);
        if v_before in ('deactivated', 'locked') then
            perform authn._note_refusal(
                record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id,
                record_attempt.device_id, v_facts, v_before, record_attempt.ip, record_attempt.user_agent
            );
            return row(
                'refused', v_before, v_facts.failures,
                case when v_facts.locked_until > v_at then v_facts.locked_until end
            )::authn.attempt_outcome;
        end if;

        -- Lock, then clock. Whoever changes what was read above bumps the epoch under this lock.
        select c.*
        into strict v_domain
        from authn_data.contexts c
        where c.user_id = record_attempt.user_id
          and c.context_id = v_facts.domain_id
        for no key update;
        v_at := greatest(clock_timestamp(), v_domain.last_attempt_at);

        exit when v_domain.epoch = v_facts.epoch
            and not authn._in_force(v_domain.locked_until, v_at);
    end loop;

    if record_attempt.device_id is not null
       and record_attempt.device_id is distinct from v_facts.device_id
    then
        perform authn._require_device(record_attempt.user_id, record_attempt.device_id);
    end if;

    if record_attempt.succeeded then
        v_kind := 'attempt_succeeded';
        v_after := 'active';

        update authn_data.contexts c
        set failures = 0,
            failures_since_success = 0,
            tier = 0,
            locked_since = null,
            locked_until = null,
            last_success_at = v_at,
            last_device_id = coalesce(record_attempt.device_id, v_facts.device_id),
            last_attempt_at = v_at,
            event_number = c.event_number + 1
        where c.user_id = record_attempt.user_id
          and c.context_id = v_facts.domain_id
        returning c.event_number into v_number;

        -- A global authenticator's context in an app begins with its first success there.
        if v_facts.context_id is distinct from v_facts.domain_id then
            if not v_facts.has_context then
                perform authn._register_in_app(
                    record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id, v_at
                );
            end if;
            update authn_data.contexts c
            set last_success_at = v_at,
                last_device_id = record_attempt.device_id
            where c.user_id = record_attempt.user_id
              and c.authenticator_id = record_attempt.authenticator_id
              and c.app_id = record_attempt.app_id;
        end if;

        if not v_facts.activated then
            update authn_data.users u
            set activated_at = v_at
            where u.user_id = record_attempt.user_id
              and u.activated_at is null;
        end if;
    else
        v_kind := 'attempt_failed';

        if authn.method_lockable(v_facts.method) then
            select p.*
            into strict v_policy
            from authn._policy(v_facts.tenant_id, v_facts.method, record_attempt.app_id) p;
            select n.*
            into strict v_next
            from authn._after_failure(
                v_policy.tier_failures, v_policy.tier_durations, v_policy.failures_expire_after,
                v_policy.then_permanent, v_policy.hard_cap,
                v_domain.failures, v_domain.failures_since_success, v_domain.tier,
                v_domain.last_failure_at, v_domain.locked_until, v_at
            ) n;
            v_locks := v_next.cause is not null;
            v_failures := v_next.failures;
            v_locked_until := v_next.locked_until;
        else
            select 0 as failures, 0 as failures_since_success, 0 as tier
            into v_next;
        end if;
        v_after := authn.status_rule(v_at, null, v_locked_until, v_facts.last_success_at);

        update authn_data.contexts c
        set failures = v_next.failures,
            failures_since_success = v_next.failures_since_success,
            tier = v_next.tier,
            locked_since = case when v_locks then v_at end,
            locked_until = v_locked_until,
            last_failure_at = v_at,
            last_attempt_at = v_at,
            event_number = c.event_number + case when v_locks then 2 else 1 end
        where c.user_id = record_attempt.user_id
          and c.context_id = v_facts.domain_id
        returning c.event_number - case when v_locks then 1 else 0 end into v_number;

        if v_facts.has_context and v_facts.context_id is distinct from v_facts.domain_id then
            update authn_data.contexts c
            set last_failure_at = v_at
            where c.user_id = record_attempt.user_id
              and c.context_id = v_facts.context_id;
        end if;
    end if;

    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id
    )
    values (
        record_attempt.user_id, v_facts.domain_id, v_number, v_at, v_facts.tenant_id, v_kind,
        record_attempt.authenticator_id, record_attempt.app_id, coalesce(record_attempt.device_id, v_facts.device_id),
        v_facts.method, v_before, v_after, authn.current_actor(), authn.caller_role(),
        coalesce(record_attempt.ip, authn._trusted_setting('ip')::inet),
        coalesce(record_attempt.user_agent, authn._trusted_setting('user_agent')),
        authn._trusted_setting('request_id')
    );

    if v_locks then
        insert into authn_data.locks (
            user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version,
            cause, tier, failures, since, until
        )
        values (
            record_attempt.user_id, v_facts.domain_id, v_number + 1, v_facts.tenant_id, record_attempt.authenticator_id,
            v_domain.app_id, v_facts.method, v_policy.source, v_policy.version, v_next.cause, v_next.lock_tier,
            v_failures, v_at, v_locked_until
        );
        insert into authn_data.events (
            user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
            status_before, status_after, actor, role, ip, user_agent, request_id, details
        )
        values (
            record_attempt.user_id, v_facts.domain_id, v_number + 1, v_at, v_facts.tenant_id, 'locked',
            record_attempt.authenticator_id, v_domain.app_id, v_facts.device_id, v_facts.method, v_before, 'locked',
            authn.current_actor(), authn.caller_role(),
            coalesce(record_attempt.ip, authn._trusted_setting('ip')::inet),
            coalesce(record_attempt.user_agent, authn._trusted_setting('user_agent')),
            authn._trusted_setting('request_id'),
            jsonb_build_object(
                'until', v_locked_until, 'failures', v_failures, 'cause', v_next.cause,
                'tier', v_next.lock_tier, 'policy_source', v_policy.source, 'policy_version', v_policy.version
            )
        );
    end if;

    return row(
        case when record_attempt.succeeded then 'succeeded' else 'failed' end,
        v_after,
        v_failures,
        v_locked_until
    )::authn.attempt_outcome;
end
$$;
comment on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) is
    'the verdict on one attempt: call it alone in a read committed transaction and act on its outcome only after the commit; only ''succeeded'' lets anybody in; others: failed, refused, not_available; AU001, AU002, AU003, AU011, AU016, AU017';
grant execute on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) to authn_service, authn_operator;
