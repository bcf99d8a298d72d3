-- Bulk unlock: every lock in force that a filter describes, one by one. The filter decides the reach, not the
-- scope of the method, but that what locks in the whole tenant is unlocked in the whole tenant.

create function authn.bulk_unlock(tenant_id uuid, filter jsonb, reason text, dry_run boolean default true)
returns setof authn.batch_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Compiling takes longer than what is compiled: many small look-ups.
set jit = off
as $$
#variable_conflict use_column
declare
    v_filter authn._bulk_filter;
    v_reason text;
    v_batch_id uuid;
    v_at timestamptz;
    v_users uuid[];
    v_authenticators uuid[];
    v_domains uuid[];
    v_locks bigint[];
    v_devices uuid[];
    v_before authn.status[];
    v_after authn.status[];
    v_changes authn.batch_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(bulk_unlock.tenant_id);
    v_filter := authn._bulk_filter(bulk_unlock.tenant_id, bulk_unlock.filter);
    if not (select coalesce(bool_and(authn.method_lockable(m.method)), true) from unnest(v_filter.methods) as m (method)) then
        perform authn._raise(
            'method_not_lockable', 'filter.method: failures never lock all of these',
            'See authn.methods for those that lock.', 'filter.method'
        );
    end if;
    v_reason := authn._required_reason(bulk_unlock.reason);

    v_at := authn._clock();
    if not coalesce(bulk_unlock.dry_run, true) then
        perform authn._one_batch_at_a_time(bulk_unlock.tenant_id);
        v_batch_id := gen_random_uuid();
        select array_agg(d.user_id), array_agg(d.authenticator_id)
        into v_users, v_authenticators
        from (
            select distinct d.user_id, d.authenticator_id
            from authn._described(bulk_unlock.tenant_id, v_filter, true, v_at) d
        ) d;
        v_at := authn._hold_domains(v_users, v_authenticators);
    end if;

    -- What the filter described before the locks were held may have changed meanwhile, and what it describes
    -- only now is not held.
    select array_agg(d.user_id), array_agg(d.domain_id)
    into v_users, v_domains
    from (
        select d.user_id, d.domain_id
        from authn._described(bulk_unlock.tenant_id, v_filter, true, v_at) d
        left join unnest(v_users, v_authenticators) as h (user_id, authenticator_id)
            on h.user_id = d.user_id and h.authenticator_id = d.authenticator_id
        where v_batch_id is null
           or h.user_id is not null
        group by d.user_id, d.domain_id
    ) d;
    v_changes := array(
        select row(
            f.user_id, f.authenticator_id, f.app_id, f.device_id, f.method,
            authn.status_rule(v_at, f.blocked_until, f.locked_until, f.last_success_at),
            authn.status_rule(v_at, f.blocked_until, null, f.last_success_at),
            v_batch_id
        )::authn.batch_change
        from unnest(v_users, v_domains) as d (user_id, domain_id)
        cross join lateral (
            select f.*
            from authn_data.standing_facts f
            where f.user_id = d.user_id
              and f.domain_id = d.domain_id
            offset 0
        ) f
        order by f.user_id, f.method, f.authenticator_id, f.app_id
    );

    if v_batch_id is not null and cardinality(v_changes) > 0 then
        perform authn._keep_batch(
            bulk_unlock.tenant_id, v_batch_id, 'unlock', v_at, v_reason, bulk_unlock.filter
        );
        select
            array_agg(d.user_id), array_agg(d.domain_id), array_agg(l.number), array_agg(s.device_id),
            array_agg(s.status_before), array_agg(s.status_after)
        into v_users, v_domains, v_locks, v_devices, v_before, v_after
        from unnest(v_users, v_domains) as d (user_id, domain_id)
        cross join lateral (
            select
                (array_agg(f.device_id))[1] as device_id,
                authn.overall_status(authn.status_rule(v_at, f.blocked_until, f.locked_until, f.last_success_at)) as status_before,
                authn.overall_status(authn.status_rule(v_at, f.blocked_until, null, f.last_success_at)) as status_after
            from authn_data.standing_facts f
            where f.user_id = d.user_id
              and f.domain_id = d.domain_id
        ) s
        left join authn_data.locks l
            on l.user_id = d.user_id and l.context_id = d.domain_id and l.ended_at is null and l.until > v_at;

        -- Nothing that was changed is joined to something else that was: the planner would take each for one row.
        with cleared as (
            update authn_data.contexts c
            set failures = 0,
                failures_since_success = 0,
                tier = 0,
                in_flight = 0,
                locked_since = null,
                locked_until = null,
                latest_at = v_at,
                event_number = c.event_number + 1
            from unnest(v_users, v_domains, v_locks, v_devices, v_before, v_after)
                as d (user_id, domain_id, lock_number, device_id, status_before, status_after)
            join authn_data.contexts b on b.user_id = d.user_id and b.context_id = d.domain_id
            where c.user_id = b.user_id
              and c.context_id = b.context_id
            returning
                c.*, b.failures as failed, b.failures_since_success as failed_since_success, b.tier as at_tier,
                d.lock_number, d.device_id, d.status_before, d.status_after
        ),
        voided as (
            update authn_data.reservations r
            set ended_at = v_at,
                outcome = 'void'
            from cleared c
            where r.user_id = c.user_id
              and r.context_id = c.context_id
              and r.ended_at is null
        ),
        ended as (
            update authn_data.locks l
            set ended_at = v_at,
                ended_by = authn.current_actor()
            from cleared c
            where l.user_id = c.user_id
              and l.context_id = c.context_id
              and l.number = c.lock_number
        )
        insert into authn_data.events (
            user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
            status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
        )
        select
            c.user_id, c.context_id, c.event_number, v_at, c.tenant_id, 'unlocked', c.authenticator_id, c.app_id,
            c.device_id, c.method, c.status_before, c.status_after,
            authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
            authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), v_reason,
            jsonb_build_object(
                'batch_id', v_batch_id, 'cause', 'automatic', 'lock', c.lock_number, 'failures', c.failed,
                'failures_since_success', c.failed_since_success, 'tier', c.at_tier
            )
        from cleared c;
    end if;

    return query
    select n.*
    from unnest(v_changes) n;
end
$$;
comment on function authn.bulk_unlock(uuid, jsonb, text, boolean) is
    'lifts every lock in force that a filter describes and clears its counters, in one transaction and under one batch id, or with dry_run shows what it would change (batch_id null); each context with its status before and after; AU003, AU007, AU010, AU012, AU017';
grant execute on function authn.bulk_unlock(uuid, jsonb, text, boolean) to authn_admin, authn_operator;
