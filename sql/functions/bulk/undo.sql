-- Undo: what a batch changed is again what it was, where nobody has changed it since. The log says both.

create function authn.undo_batch(tenant_id uuid, batch_id uuid, reason text)
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
    v_action text;
    v_batch_at timestamptz;
    v_undo_id uuid := gen_random_uuid();
    v_reason text;
    v_at timestamptz;
    v_users uuid[];
    v_authenticators uuid[];
    v_changes authn.batch_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(undo_batch.tenant_id);
    v_reason := authn._required_reason(undo_batch.reason);
    perform authn._one_batch_at_a_time(undo_batch.tenant_id);
    select b.action, b.at
    into v_action, v_batch_at
    from authn_data.batches b
    where b.tenant_id = undo_batch.tenant_id
      and b.batch_id = undo_batch.batch_id;
    if v_action is null then
        perform authn._raise(
            'unknown_batch',
            format('there is no batch %s', coalesce(undo_batch.batch_id::text, '(null)')),
            'The events of a bulk action carry its id in details; it is forgotten when its events are dropped.',
            'batch_id'
        );
    elsif v_action = 'undo' then
        perform authn._raise(
            'invalid_argument', 'batch_id is that of an undo, which is not undone',
            'Take the action again.', 'batch_id'
        );
    end if;

    select array_agg(e.user_id), array_agg(e.authenticator_id)
    into v_users, v_authenticators
    from (
        select distinct e.user_id, e.authenticator_id
        from authn._batch_events(undo_batch.tenant_id, undo_batch.batch_id, v_batch_at) e
    ) e;
    v_at := authn._hold_domains(v_users, v_authenticators);

    -- Each context as it is now; those that change get their status after, the others go.
    v_changes := array(
        select row(
            f.user_id, f.authenticator_id, f.app_id, f.device_id, f.method,
            authn.status_rule(v_at, f.blocked_until, f.locked_until, f.last_success_at), null, v_undo_id
        )::authn.batch_change
        from unnest(v_users, v_authenticators) as d (user_id, authenticator_id)
        cross join lateral (
            select f.*
            from authn_data.standing_facts f
            where f.user_id = d.user_id
              and f.authenticator_id = d.authenticator_id
            offset 0
        ) f
    );
    if v_action = 'unlock' then
        perform authn._lock_again(undo_batch.tenant_id, undo_batch.batch_id, v_batch_at, v_undo_id, v_at, v_reason);
    else
        perform authn._undo_in_app(undo_batch.tenant_id, undo_batch.batch_id, v_batch_at, v_undo_id, v_at, v_reason);
        perform authn._undo_everywhere(undo_batch.tenant_id, undo_batch.batch_id, v_batch_at, v_undo_id, v_at, v_reason);
    end if;
    if exists (select from authn._batch_events(undo_batch.tenant_id, v_undo_id, v_at)) then
        perform authn._keep_batch(
            undo_batch.tenant_id, v_undo_id, 'undo', v_at, v_reason, undoes => undo_batch.batch_id
        );
    end if;

    return query
    select
        n.user_id, n.authenticator_id, n.app_id, n.device_id, n.method, n.status_before,
        authn.status_rule(v_at, f.blocked_until, f.locked_until, f.last_success_at), n.batch_id
    from unnest(v_changes) n
    join (
        select distinct e.user_id, e.authenticator_id, e.app_id
        from authn._batch_events(undo_batch.tenant_id, v_undo_id, v_at) e
    ) e
        on e.user_id = n.user_id and e.authenticator_id = n.authenticator_id and (e.app_id is null or e.app_id = n.app_id)
    cross join lateral (
        select f.*
        from authn_data.standing_facts f
        where f.user_id = n.user_id
          and f.authenticator_id = n.authenticator_id
          and f.app_id is not distinct from n.app_id
        offset 0
    ) f
    order by n.user_id, n.method, n.authenticator_id, n.app_id;
end
$$;
comment on function authn.undo_batch(uuid, uuid, text) is
    'undoes a bulk action, in one transaction and under a batch id of its own: locks that would still be in force are in force again, with their counters, and deactivations are as they were; what somebody has changed since stays as it is; AU010, AU012, AU017, AU020';
grant execute on function authn.undo_batch(uuid, uuid, text) to authn_admin, authn_operator;

create function authn._batch_events(tenant_id uuid, batch_id uuid, at timestamptz)
returns table (
    user_id uuid, domain_id uuid, number bigint, authenticator_id uuid, app_id uuid, method authn.method, details jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- All of a batch happens at one instant, by which the log finds it.
    return query
    select e.user_id, e.domain_id, e.number, e.authenticator_id, e.app_id, e.method, e.details
    from authn_data.events e
    where e.tenant_id = _batch_events.tenant_id
      and e.at = _batch_events.at
      and e.details ->> 'batch_id' = _batch_events.batch_id::text;
end
$$;
comment on function authn._batch_events(uuid, uuid, timestamptz) is 'the events of a bulk action, which happened at an instant';

create function authn._lock_again(
    tenant_id uuid,
    batch_id uuid,
    batch_at timestamptz,
    undo_id uuid,
    at timestamptz,
    reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    with wanted as (
        select
            e.user_id, e.domain_id, e.details, l.until, l.policy_source, l.policy_version, l.cause,
            l.tier as lock_tier, l.failures as lock_failures
        from authn._batch_events(_lock_again.tenant_id, _lock_again.batch_id, _lock_again.batch_at) e
        join authn_data.locks l
            on l.user_id = e.user_id and l.context_id = e.domain_id and l.number = (e.details ->> 'lock')::bigint
        where l.until > _lock_again.at
          and not exists (
              select
              from authn_data.events later
              where later.user_id = e.user_id
                and later.domain_id = e.domain_id
                and later.number > e.number
                and later.kind in ('attempt_succeeded', 'attempt_failed', 'locked', 'unlocked')
          )
    ),
    locked as (
        update authn_data.contexts c
        set failures = (w.details ->> 'failures')::integer,
            failures_since_success = (w.details ->> 'failures_since_success')::integer,
            tier = (w.details ->> 'tier')::integer,
            locked_since = _lock_again.at,
            locked_until = w.until,
            latest_at = _lock_again.at,
            event_number = c.event_number + 1
        from wanted w
        where c.user_id = w.user_id
          and c.context_id = w.domain_id
        returning c.*, w.policy_source, w.policy_version, w.cause, w.lock_tier, w.lock_failures
    ),
    kept as (
        insert into authn_data.locks (
            user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version,
            cause, tier, failures, since, until
        )
        select
            c.user_id, c.context_id, c.event_number, c.tenant_id, c.authenticator_id, c.app_id, c.method,
            c.policy_source, c.policy_version, c.cause, c.lock_tier, c.lock_failures, c.locked_since, c.locked_until
        from locked c
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        c.user_id, c.context_id, c.event_number, _lock_again.at, c.tenant_id, 'locked', c.authenticator_id, c.app_id,
        a.device_id, c.method, s.status_before, s.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), _lock_again.reason,
        jsonb_build_object(
            'until', c.locked_until, 'failures', c.lock_failures, 'cause', c.cause, 'tier', c.lock_tier,
            'policy_source', c.policy_source, 'policy_version', c.policy_version,
            'batch_id', _lock_again.undo_id, 'undoes', _lock_again.batch_id
        )
    from locked c
    join authn_data.authenticators a on a.user_id = c.user_id and a.authenticator_id = c.authenticator_id
    cross join lateral (
        select
            authn.overall_status(
                authn.status_rule(_lock_again.at, f.blocked_until, f.locked_until, f.last_success_at)
            ) as status_before,
            authn.overall_status(
                authn.status_rule(_lock_again.at, f.blocked_until, c.locked_until, f.last_success_at)
            ) as status_after
        from authn_data.standing_facts f
        where f.user_id = c.user_id
          and f.domain_id = c.context_id
    ) s;
end
$$;
comment on function authn._lock_again(uuid, uuid, timestamptz, uuid, timestamptz, text) is
    'the locks that a bulk unlock lifted, until their old end, where nobody tried or unlocked since; as locks of their own, for history never changes';

create function authn._undo_in_app(
    tenant_id uuid,
    batch_id uuid,
    batch_at timestamptz,
    undo_id uuid,
    at timestamptz,
    reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    with wanted as (
        select e.user_id, e.domain_id, b.since, b.until, b.by, b.reason
        from authn._batch_events(_undo_in_app.tenant_id, _undo_in_app.batch_id, _undo_in_app.batch_at) e
        left join lateral jsonb_to_record(nullif(e.details -> 'before', 'null'))
            as b (since timestamptz, until timestamptz, by text, reason text)
            on b.until > _undo_in_app.at
        where e.app_id is not null
          and not exists (
              select
              from authn_data.events later
              where later.user_id = e.user_id
                and later.domain_id = e.domain_id
                and later.number > e.number
                and later.kind in ('deactivated', 'reactivated')
          )
    ),
    undone as (
        update authn_data.contexts c
        set deactivated_since = w.since,
            deactivated_until = w.until,
            deactivated_by = w.by,
            deactivation_reason = w.reason,
            latest_at = _undo_in_app.at,
            event_number = c.event_number + 1
        from wanted w
        where c.user_id = w.user_id
          and c.context_id = w.domain_id
          and c.deactivated_until > _undo_in_app.at
        returning c.*
    ),
    told as (
        update authn_data.contexts d
        set latest_at = _undo_in_app.at
        from undone c
        where d.user_id = c.user_id
          and d.authenticator_id = c.authenticator_id
          and d.app_id is null
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        c.user_id, c.context_id, c.event_number, _undo_in_app.at, c.tenant_id,
        case when c.deactivated_until is null then 'reactivated' else 'deactivated' end::authn.event_kind,
        c.authenticator_id, c.app_id, a.device_id, c.method,
        authn.status_rule(_undo_in_app.at, f.blocked_until, f.locked_until, f.last_success_at),
        authn.status_rule(
            _undo_in_app.at,
            greatest(f.suspended_until, f.everywhere_until, f.device_until, c.deactivated_until),
            f.locked_until, f.last_success_at
        ),
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), _undo_in_app.reason,
        jsonb_strip_nulls(jsonb_build_object(
            'until', c.deactivated_until, 'batch_id', _undo_in_app.undo_id, 'undoes', _undo_in_app.batch_id
        ))
    from undone c
    join authn_data.authenticators a on a.user_id = c.user_id and a.authenticator_id = c.authenticator_id
    left join lateral (
        select f.*
        from authn_data.standing_facts f
        where f.user_id = c.user_id
          and f.context_id = c.context_id
        offset 0
    ) f on true;
end
$$;
comment on function authn._undo_in_app(uuid, uuid, timestamptz, uuid, timestamptz, text) is
    'the deactivations of a bulk action in one app, taken back where nobody changed them since';

create function authn._undo_everywhere(
    tenant_id uuid,
    batch_id uuid,
    batch_at timestamptz,
    undo_id uuid,
    at timestamptz,
    reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- The users after their lock domains, as attempts lock them; and first, so that their numbers are known.
    perform
    from authn_data.users u
    where u.user_id in (
        select e.user_id
        from authn._batch_events(_undo_everywhere.tenant_id, _undo_everywhere.batch_id, _undo_everywhere.batch_at) e
        where e.app_id is null
    )
    order by u.user_id
    for no key update;

    with wanted as (
        select
            e.user_id, e.authenticator_id, b.since, b.until, b.by, b.reason,
            u.event_number + row_number() over (partition by e.user_id order by e.authenticator_id) as number
        from authn._batch_events(_undo_everywhere.tenant_id, _undo_everywhere.batch_id, _undo_everywhere.batch_at) e
        join authn_data.users u on u.user_id = e.user_id
        join authn_data.authenticators a on a.user_id = e.user_id and a.authenticator_id = e.authenticator_id
        left join lateral jsonb_to_record(nullif(e.details -> 'before', 'null'))
            as b (since timestamptz, until timestamptz, by text, reason text)
            on b.until > _undo_everywhere.at
        where e.app_id is null
          and a.deactivated_until > _undo_everywhere.at
          and not exists (
              select
              from authn_data.events later
              where later.user_id = e.user_id
                and later.domain_id = e.domain_id
                and later.number > e.number
                and later.authenticator_id = e.authenticator_id
                and later.kind in ('deactivated', 'reactivated')
          )
    ),
    undone as (
        update authn_data.authenticators a
        set deactivated_since = w.since,
            deactivated_until = w.until,
            deactivated_by = w.by,
            deactivation_reason = w.reason
        from wanted w
        where a.user_id = w.user_id
          and a.authenticator_id = w.authenticator_id
        returning a.*, w.number
    ),
    told as (
        update authn_data.contexts c
        set latest_at = _undo_everywhere.at
        from undone a
        where c.user_id = a.user_id
          and c.authenticator_id = a.authenticator_id
    ),
    numbered as (
        update authn_data.users u
        set event_number = a.number
        from (select a.user_id, max(a.number) as number from undone a group by a.user_id) a
        where u.user_id = a.user_id
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        a.user_id, a.user_id, a.number, _undo_everywhere.at, a.tenant_id,
        case when a.deactivated_until is null then 'reactivated' else 'deactivated' end::authn.event_kind,
        a.authenticator_id, a.method, s.status_before, s.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), _undo_everywhere.reason,
        jsonb_strip_nulls(jsonb_build_object(
            'until', a.deactivated_until, 'batch_id', _undo_everywhere.undo_id, 'undoes', _undo_everywhere.batch_id
        ))
    from undone a
    cross join lateral (
        select
            authn.overall_status(
                authn.status_rule(_undo_everywhere.at, f.blocked_until, f.locked_until, f.last_success_at)
            ) as status_before,
            authn.overall_status(
                authn.status_rule(
                    _undo_everywhere.at,
                    greatest(f.suspended_until, a.deactivated_until, f.device_until, f.here_until),
                    f.locked_until, f.last_success_at
                )
            ) as status_after
        from authn_data.standing_facts f
        where f.user_id = a.user_id
          and f.authenticator_id = a.authenticator_id
    ) s;
end
$$;
comment on function authn._undo_everywhere(uuid, uuid, timestamptz, uuid, timestamptz, text) is
    'the deactivations of a bulk action that hold everywhere, taken back where nobody changed them since';
