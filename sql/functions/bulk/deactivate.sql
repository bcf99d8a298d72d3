-- Bulk deactivation: in the app that the filter names, or else everywhere, as app_id null means in
-- authn.deactivate_authenticator. It never brings an end forward: what is blocked longer already stays so.

create function authn.bulk_deactivate(
    tenant_id uuid,
    filter jsonb,
    reason text,
    until timestamptz default null,
    dry_run boolean default true
)
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
    v_until timestamptz := coalesce(bulk_deactivate.until, 'infinity');
    v_filter authn._bulk_filter;
    v_reason text;
    v_batch_id uuid;
    v_at timestamptz;
    v_users uuid[];
    v_authenticators uuid[];
    v_contexts uuid[];
    v_changes authn.batch_change[];
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(bulk_deactivate.tenant_id);
    v_filter := authn._bulk_filter(bulk_deactivate.tenant_id, bulk_deactivate.filter);
    if v_filter.app_id is null then
        perform authn._require_unrestricted();
    end if;
    v_reason := authn._required_reason(bulk_deactivate.reason);
    perform authn._require_future(bulk_deactivate.until);

    v_at := authn._clock();
    if not coalesce(bulk_deactivate.dry_run, true) then
        perform authn._one_batch_at_a_time(bulk_deactivate.tenant_id);
        v_batch_id := gen_random_uuid();
        select array_agg(d.user_id), array_agg(d.authenticator_id)
        into v_users, v_authenticators
        from (
            select distinct d.user_id, d.authenticator_id
            from authn._described(bulk_deactivate.tenant_id, v_filter, false, v_at) d
        ) d;
        v_at := authn._hold_domains(v_users, v_authenticators);
    end if;

    -- Of what is held, what the filter still describes; everywhere, each authenticator once.
    select array_agg(d.user_id), array_agg(d.authenticator_id), array_agg(d.context_id)
    into v_users, v_authenticators, v_contexts
    from (
        select d.user_id, d.authenticator_id, case when v_filter.app_id is not null then d.context_id end as context_id
        from authn._described(bulk_deactivate.tenant_id, v_filter, false, v_at) d
        left join unnest(v_users, v_authenticators) as h (user_id, authenticator_id)
            on h.user_id = d.user_id and h.authenticator_id = d.authenticator_id
        where v_batch_id is null
           or h.user_id is not null
        group by 1, 2, 3
    ) d
    join authn_data.authenticators a on a.user_id = d.user_id and a.authenticator_id = d.authenticator_id
    left join authn_data.contexts c on c.user_id = d.user_id and c.context_id = d.context_id
    where coalesce(case when v_filter.app_id is null then a.deactivated_until else c.deactivated_until end < v_until, true);
    v_changes := array(
        select row(
            f.user_id, f.authenticator_id, f.app_id, f.device_id, f.method,
            authn.status_rule(v_at, f.blocked_until, f.locked_until, f.last_success_at), 'deactivated', v_batch_id
        )::authn.batch_change
        from unnest(v_users, v_authenticators, v_contexts) as d (user_id, authenticator_id, context_id)
        cross join lateral (
            select f.*
            from authn_data.standing_facts f
            where f.user_id = d.user_id
              and f.authenticator_id = d.authenticator_id
              and (d.context_id is null or f.context_id = d.context_id)
            offset 0
        ) f
        order by f.user_id, f.method, f.authenticator_id, f.app_id
    );

    if v_batch_id is not null and cardinality(v_changes) > 0 then
        perform authn._keep_batch(
            bulk_deactivate.tenant_id, v_batch_id, 'deactivate', v_at, v_reason, bulk_deactivate.filter
        );
        if v_filter.app_id is null then
            perform authn._deactivate_everywhere(v_users, v_authenticators, v_until, v_at, v_reason, v_batch_id);
        else
            perform authn._deactivate_in_app(v_users, v_contexts, v_until, v_at, v_reason, v_batch_id);
        end if;
    end if;

    return query
    select n.*
    from unnest(v_changes) n;
end
$$;
comment on function authn.bulk_deactivate(uuid, jsonb, text, timestamptz, boolean) is
    'blocks what a filter describes, in the app that it names or else everywhere, until an instant (null: until reactivated), in one transaction and under one batch id, or with dry_run shows what it would change (batch_id null); never shortens a deactivation; AU003, AU010, AU012, AU017';
grant execute on function authn.bulk_deactivate(uuid, jsonb, text, timestamptz, boolean) to authn_admin, authn_operator;

create function authn._deactivate_in_app(
    user_ids uuid[],
    context_ids uuid[],
    until timestamptz,
    at timestamptz,
    reason text,
    batch_id uuid
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    with deactivated as (
        update authn_data.contexts c
        set deactivated_since = case when b.deactivated_until > _deactivate_in_app.at then b.deactivated_since else _deactivate_in_app.at end,
            deactivated_until = _deactivate_in_app.until,
            deactivated_by = authn.current_actor(),
            deactivation_reason = _deactivate_in_app.reason,
            latest_at = _deactivate_in_app.at,
            event_number = c.event_number + 1
        from unnest(_deactivate_in_app.user_ids, _deactivate_in_app.context_ids) as d (user_id, context_id)
        join authn_data.contexts b on b.user_id = d.user_id and b.context_id = d.context_id
        cross join lateral (
            select
                f.device_id,
                authn.status_rule(_deactivate_in_app.at, f.blocked_until, f.locked_until, f.last_success_at) as status_before
            from authn_data.standing_facts f
            where f.user_id = d.user_id
              and f.context_id = d.context_id
            offset 0
        ) s
        where c.user_id = b.user_id
          and c.context_id = b.context_id
        returning
            c.*, s.device_id, s.status_before, b.deactivated_since as since_before, b.deactivated_until as until_before,
            b.deactivated_by as by_before, b.deactivation_reason as reason_before
    ),
    -- Of a global authenticator attempts hold the tenant-wide row.
    told as (
        update authn_data.contexts w
        set latest_at = _deactivate_in_app.at
        from deactivated d
        where w.user_id = d.user_id
          and w.authenticator_id = d.authenticator_id
          and w.app_id is null
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        d.user_id, d.context_id, d.event_number, _deactivate_in_app.at, d.tenant_id, 'deactivated', d.authenticator_id,
        d.app_id, d.device_id, d.method, d.status_before, 'deactivated',
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), _deactivate_in_app.reason,
        jsonb_build_object(
            'until', _deactivate_in_app.until, 'batch_id', _deactivate_in_app.batch_id,
            'before', authn._deactivation_as_json(d.since_before, d.until_before, d.by_before, d.reason_before)
        )
    from deactivated d;
end
$$;
comment on function authn._deactivate_in_app(uuid[], uuid[], timestamptz, timestamptz, text, uuid) is
    'the bulk deactivation of contexts that the caller holds, each with its event';

create function authn._deactivate_everywhere(
    user_ids uuid[],
    authenticator_ids uuid[],
    until timestamptz,
    at timestamptz,
    reason text,
    batch_id uuid
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
    where u.user_id = any (_deactivate_everywhere.user_ids)
    order by u.user_id
    for no key update;

    with deactivated as (
        update authn_data.authenticators a
        set deactivated_since = case when b.deactivated_until > _deactivate_everywhere.at then b.deactivated_since else _deactivate_everywhere.at end,
            deactivated_until = _deactivate_everywhere.until,
            deactivated_by = authn.current_actor(),
            deactivation_reason = _deactivate_everywhere.reason
        from (
            select
                d.user_id, d.authenticator_id, s.status_before,
                u.event_number + row_number() over (partition by d.user_id order by d.authenticator_id) as number
            from unnest(_deactivate_everywhere.user_ids, _deactivate_everywhere.authenticator_ids) as d (user_id, authenticator_id)
            join authn_data.users u on u.user_id = d.user_id
            cross join lateral (
                select authn.overall_status(
                    authn.status_rule(_deactivate_everywhere.at, f.blocked_until, f.locked_until, f.last_success_at)
                ) as status_before
                from authn_data.standing_facts f
                where f.user_id = d.user_id
                  and f.authenticator_id = d.authenticator_id
            ) s
        ) d
        join authn_data.authenticators b on b.user_id = d.user_id and b.authenticator_id = d.authenticator_id
        where a.user_id = b.user_id
          and a.authenticator_id = b.authenticator_id
        returning
            a.*, d.number, d.status_before, b.deactivated_since as since_before, b.deactivated_until as until_before,
            b.deactivated_by as by_before, b.deactivation_reason as reason_before
    ),
    told as (
        update authn_data.contexts c
        set latest_at = _deactivate_everywhere.at
        from deactivated d
        where c.user_id = d.user_id
          and c.authenticator_id = d.authenticator_id
    ),
    numbered as (
        update authn_data.users u
        set event_number = d.number
        from (select d.user_id, max(d.number) as number from deactivated d group by d.user_id) d
        where u.user_id = d.user_id
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        d.user_id, d.user_id, d.number, _deactivate_everywhere.at, d.tenant_id, 'deactivated', d.authenticator_id, d.method,
        d.status_before, 'deactivated',
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'), _deactivate_everywhere.reason,
        jsonb_build_object(
            'until', _deactivate_everywhere.until, 'batch_id', _deactivate_everywhere.batch_id,
            'before', authn._deactivation_as_json(d.since_before, d.until_before, d.by_before, d.reason_before)
        )
    from deactivated d;
end
$$;
comment on function authn._deactivate_everywhere(uuid[], uuid[], timestamptz, timestamptz, text, uuid) is
    'the bulk deactivation of authenticators whose domains the caller holds, each with its event';

create function authn._deactivation_as_json(since timestamptz, until timestamptz, by_whom text, reason text)
returns jsonb
language sql
stable
parallel safe
return case
    when until is not null then pg_catalog.jsonb_build_object('since', since, 'until', until, 'by', by_whom, 'reason', reason)
end;
comment on function authn._deactivation_as_json(timestamptz, timestamptz, text, text) is
    'a deactivation as an event keeps it that replaces it; null for none';
