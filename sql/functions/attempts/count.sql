-- What an admitted attempt changes: the lock domain, the context, the log. The caller holds the lock.

create function authn._count_attempt(
    facts authn._attempt_facts,
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    succeeded boolean,
    device_id uuid,
    ip inet,
    user_agent text,
    reserved boolean default false,
    details jsonb default null
)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz := facts.at;
    v_device_id uuid := coalesce(_count_attempt.device_id, facts.device_id);
    v_ip inet := coalesce(_count_attempt.ip, authn._trusted_setting('ip')::inet);
    v_user_agent text := coalesce(_count_attempt.user_agent, authn._trusted_setting('user_agent'));
    v_before authn.status := authn.status_rule(v_at, facts.blocked_until, facts.locked_until, facts.last_success_at);
    v_after authn.status := v_before;
    v_policy authn._lockout_policy;
    v_next authn._next_facts;
    v_failures integer := 0;
    v_locks boolean := false;
    v_locked_until timestamptz;
    v_number bigint;
begin
    if _count_attempt.succeeded then
        v_after := 'active';

        update authn_data.contexts c
        set failures = 0,
            failures_since_success = 0,
            tier = 0,
            in_flight = c.in_flight - _count_attempt.reserved::integer,
            locked_since = null,
            locked_until = null,
            last_success_at = v_at,
            last_device_id = v_device_id,
            latest_at = v_at,
            event_number = c.event_number + 1
        where c.user_id = _count_attempt.user_id
          and c.context_id = facts.domain_id
        returning c.event_number into v_number;

        -- A global authenticator's context in an app begins with its first success there.
        if facts.context_id is distinct from facts.domain_id then
            if not facts.has_context then
                perform authn._register_in_app(
                    _count_attempt.user_id, _count_attempt.authenticator_id, _count_attempt.app_id, v_at
                );
            end if;
            update authn_data.contexts c
            set last_success_at = v_at,
                last_device_id = v_device_id
            where c.user_id = _count_attempt.user_id
              and c.authenticator_id = _count_attempt.authenticator_id
              and c.app_id = _count_attempt.app_id;
        end if;

        if not facts.activated then
            update authn_data.users u
            set activated_at = v_at
            where u.user_id = _count_attempt.user_id
              and u.activated_at is null;
        end if;
    else
        if authn._is_lockable(facts.method) then
            v_policy := authn._policy(facts.tenant_id, facts.method, _count_attempt.app_id);
            v_next := authn._after_failure(
                v_policy.tier_failures, v_policy.tier_durations, v_policy.failures_expire_after,
                v_policy.then_permanent, v_policy.hard_cap,
                facts.failures, facts.failures_since_success, facts.tier,
                facts.last_failure_at, facts.locked_until, v_at
            );
            v_failures := v_next.failures;
            v_locks := v_next.cause is not null;
            v_locked_until := v_next.locked_until;
            v_after := authn.status_rule(v_at, facts.blocked_until, v_locked_until, facts.last_success_at);

            update authn_data.contexts c
            set failures = v_next.failures,
                failures_since_success = v_next.failures_since_success,
                tier = v_next.tier,
                in_flight = c.in_flight - _count_attempt.reserved::integer,
                locked_since = case when v_locks then v_at end,
                locked_until = v_locked_until,
                last_failure_at = v_at,
                latest_at = v_at,
                event_number = c.event_number + case when v_locks then 2 else 1 end
            where c.user_id = _count_attempt.user_id
              and c.context_id = facts.domain_id
            returning c.event_number - v_locks::integer into v_number;
        else
            update authn_data.contexts c
            set in_flight = c.in_flight - _count_attempt.reserved::integer,
                last_failure_at = v_at,
                latest_at = v_at,
                event_number = c.event_number + 1
            where c.user_id = _count_attempt.user_id
              and c.context_id = facts.domain_id
            returning c.event_number into v_number;
        end if;

        if facts.has_context and facts.context_id is distinct from facts.domain_id then
            update authn_data.contexts c
            set last_failure_at = v_at
            where c.user_id = _count_attempt.user_id
              and c.context_id = facts.context_id;
        end if;
    end if;

    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, details
    )
    values (
        _count_attempt.user_id, facts.domain_id, v_number, v_at, facts.tenant_id,
        case when _count_attempt.succeeded then 'attempt_succeeded' else 'attempt_failed' end::authn.event_kind,
        _count_attempt.authenticator_id, _count_attempt.app_id, v_device_id, facts.method, v_before, v_after,
        authn.current_actor(), authn.caller_role(), v_ip, v_user_agent, authn._trusted_setting('request_id'),
        _count_attempt.details
    );

    if v_locks then
        insert into authn_data.locks (
            user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version,
            cause, tier, failures, since, until
        )
        values (
            _count_attempt.user_id, facts.domain_id, v_number + 1, facts.tenant_id, _count_attempt.authenticator_id,
            facts.domain_app_id, facts.method, v_policy.source, v_policy.version, v_next.cause, v_next.lock_tier,
            v_failures, v_at, v_locked_until
        );

        insert into authn_data.events (
            user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
            status_before, status_after, actor, role, ip, user_agent, request_id, details
        )
        values (
            _count_attempt.user_id, facts.domain_id, v_number + 1, v_at, facts.tenant_id, 'locked',
            _count_attempt.authenticator_id, facts.domain_app_id, v_device_id, facts.method, v_before, 'locked',
            authn.current_actor(), authn.caller_role(), v_ip, v_user_agent, authn._trusted_setting('request_id'),
            jsonb_build_object(
                'until', v_locked_until, 'failures', v_failures, 'cause', v_next.cause,
                'tier', v_next.lock_tier, 'policy_source', v_policy.source, 'policy_version', v_policy.version
            )
        );
    end if;

    return row(
        case when _count_attempt.succeeded then 'succeeded' else 'failed' end, v_after, v_failures, v_locked_until
    )::authn.attempt_outcome;
end
$$;
alter function authn._count_attempt(
    authn._attempt_facts, uuid, uuid, uuid, boolean, uuid, inet, text, boolean, jsonb
) owner to authn_engine;
comment on function authn._count_attempt(
    authn._attempt_facts, uuid, uuid, uuid, boolean, uuid, inet, text, boolean, jsonb
) is 'records the success or failure of an attempt that authn._admit let through, with its event, and the lock that a failure brings';
