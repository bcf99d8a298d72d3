-- The status at any past instant, by the one rule, from what the log tells: the last registration,
-- removal and success, and the ends of deactivations as they were known then; and the rows of locks.

create function authn._require_past(at timestamptz)
returns void
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_dropped_before timestamptz := (select max(d.dropped_before) from authn_data.event_drops d);
begin
    if _require_past.at is null or not isfinite(_require_past.at) or _require_past.at > authn._statement_clock() then
        perform authn._raise(
            'invalid_argument',
            format('"at" is %s, which is not in the past', coalesce(_require_past.at::text, '(null)')),
            'Name an instant until now.',
            'at'
        );
    end if;
    if _require_past.at < v_dropped_before then
        perform authn._raise(
            'invalid_argument',
            format('"at" is %s, and retention has dropped what happened before %s', _require_past.at, v_dropped_before),
            'Name an instant within retention.',
            'at'
        );
    end if;
end
$$;
comment on function authn._require_past(timestamptz) is 'AU017 for an instant that nothing is known of, yet or any more';

-- Planned for the user or the tenant that is asked for, not for both at once.
create function authn._statuses_at(tenant_id uuid, user_id uuid, at timestamptz)
returns setof authn.past_status
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_at timestamptz := _statuses_at.at;
begin
    return query
    with changes as materialized (
        select
            e.user_id,
            e.authenticator_id,
            e.app_id,
            case when e.authenticator_id is null then e.device_id end as device_id,
            max(e.at) filter (where e.kind = 'registered') as registered_at,
            max(e.at) filter (where e.kind = 'removed') as removed_at,
            max(e.at) filter (where e.kind = 'attempt_succeeded') as succeeded_at,
            (
                array_agg((e.details ->> 'until')::timestamptz order by e.at desc, e.number desc)
                    filter (where e.kind in ('deactivated', 'reactivated', 'user_suspended', 'user_reinstated'))
            )[1] as blocked_until
        from authn_data.history e
        where e.tenant_id = _statuses_at.tenant_id
          and (_statuses_at.user_id is null or e.user_id = _statuses_at.user_id)
          and e.at <= v_at
          and e.kind in (
              'registered', 'removed', 'attempt_succeeded', 'deactivated', 'reactivated', 'user_suspended', 'user_reinstated'
          )
        group by 1, 2, 3, 4
    ),
    -- Of every authenticator, whether it has a context or not: what holds in each of them.
    owned as materialized (
        select
            a.user_id,
            a.authenticator_id,
            a.method,
            a.device_id,
            ha.registered_at,
            ha.removed_at,
            greatest(hu.blocked_until, ha.blocked_until, hd.blocked_until) as blocked_until,
            w.context_id as domain_id
        from authn_data.authenticators a
        left join changes ha
            on ha.user_id = a.user_id and ha.authenticator_id = a.authenticator_id and ha.app_id is null
        left join changes hd
            on hd.user_id = a.user_id and hd.device_id = a.device_id
        left join changes hu
            on hu.user_id = a.user_id and hu.authenticator_id is null and hu.device_id is null
        left join authn_data.contexts w
            on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
        where a.tenant_id = _statuses_at.tenant_id
          and (_statuses_at.user_id is null or a.user_id = _statuses_at.user_id)
    ),
    locked as materialized (
        select l.user_id, l.context_id, max(l.until) as until
        from authn_data.locks l
        where l.tenant_id = _statuses_at.tenant_id
          and (_statuses_at.user_id is null or l.user_id = _statuses_at.user_id)
          and l.since <= v_at
          and l.until > v_at
          and coalesce(l.ended_at > v_at, true)
        group by l.user_id, l.context_id
    ),
    offers as materialized (
        select
            m.app_id,
            m.method,
            coalesce(
                (
                    select (t.details ->> 'offered')::boolean
                    from authn_data.tenant_events t
                    where t.tenant_id = m.tenant_id
                      and t.app_id = m.app_id
                      and t.method = m.method
                      and t.details ? 'offered'
                      and t.at <= v_at
                    order by t.number desc
                    limit 1
                ),
                (
                    select (t.details ->> 'offered_before')::boolean
                    from authn_data.tenant_events t
                    where t.tenant_id = m.tenant_id
                      and t.app_id = m.app_id
                      and t.method = m.method
                      and t.details ? 'offered'
                      and t.at > v_at
                    order by t.number
                    limit 1
                ),
                m.offered
            ) as offered
        from authn_data.app_methods m
        where m.tenant_id = _statuses_at.tenant_id
    ),
    in_apps as materialized (
        select
            o.user_id,
            o.authenticator_id,
            c.app_id,
            o.device_id,
            o.method,
            coalesce(f.offered, false) as available,
            hc.registered_at,
            case when hc.succeeded_at >= hc.registered_at then hc.succeeded_at end as last_success_at,
            l.until as locked_until,
            greatest(o.blocked_until, hc.blocked_until) as blocked_until
        from owned o
        join authn_data.contexts c
            on c.user_id = o.user_id and c.authenticator_id = o.authenticator_id and c.app_id is not null
        join changes hc
            on hc.user_id = c.user_id and hc.authenticator_id = c.authenticator_id and hc.app_id = c.app_id
        left join locked l on l.user_id = c.user_id and l.context_id = coalesce(o.domain_id, c.context_id)
        left join offers f on f.app_id = c.app_id and f.method = o.method
        where hc.registered_at >= greatest(hc.removed_at, o.removed_at, '-infinity')
    )
    select
        i.user_id, i.authenticator_id, i.app_id, i.device_id, i.method, i.available,
        authn.status_rule(v_at, i.blocked_until, i.locked_until, i.last_success_at),
        i.registered_at, i.last_success_at,
        i.locked_until,
        case when i.blocked_until > v_at then i.blocked_until end
    from in_apps i
    union all
    select
        o.user_id, o.authenticator_id, null, o.device_id, o.method, null,
        authn.status_rule(v_at, o.blocked_until, l.until, null),
        o.registered_at, null,
        l.until,
        case when o.blocked_until > v_at then o.blocked_until end
    from owned o
    left join locked l on l.user_id = o.user_id and l.context_id = o.domain_id
    where case
        when authn.method_scope(o.method) = 'global_user' then o.registered_at >= coalesce(o.removed_at, '-infinity')
        else exists (
            select
            from in_apps i
            where i.user_id = o.user_id
              and i.authenticator_id = o.authenticator_id
        )
    end;
end
$$;
comment on function authn._statuses_at(uuid, uuid, timestamptz) is
    'of a user, or with null of the whole tenant, at an instant: every context, and with app_id null every authenticator by its own facts';

create function authn._status_when_over(
    tenant_id uuid,
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    at timestamptz
)
returns authn.status
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- A lock outlives the events of its time; what came after it cannot be told without them.
    if _status_when_over.at < (select max(d.dropped_before) from authn_data.event_drops d) then
        return null;
    end if;
    return (
        select coalesce(
            authn.overall_status(s.status) filter (where s.available),
            authn.overall_status(s.status) filter (where s.app_id is null)
        )
        from authn._statuses_at(_status_when_over.tenant_id, _status_when_over.user_id, _status_when_over.at) s
        where (_status_when_over.authenticator_id is null or s.authenticator_id = _status_when_over.authenticator_id)
          and (_status_when_over.app_id is null or s.app_id = _status_when_over.app_id)
          and (_status_when_over.device_id is null or s.device_id = _status_when_over.device_id)
    );
end
$$;
comment on function authn._status_when_over(uuid, uuid, uuid, uuid, uuid, timestamptz) is
    'the status that was left when a lock, deactivation or suspension ended by itself at this instant: of what it was laid on; null beyond retention';
grant execute on function authn._status_when_over(uuid, uuid, uuid, uuid, uuid, timestamptz) to authn_reader;

create function authn._require_known(user_id uuid, authenticator_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._tenant_of(_require_known.user_id);

    -- Unlike authn._method_of this finds removed ones too; where the caller may see none of the apps, none.
    if not exists (
        select
        from authn_data.authenticators a
        where a.user_id = _require_known.user_id
          and a.authenticator_id = _require_known.authenticator_id
          and exists (
              select
              from authn_data.contexts c
              where c.user_id = a.user_id
                and c.authenticator_id = a.authenticator_id
          )
    ) then
        perform authn._raise(
            'unknown_authenticator',
            format(
                'user %s has no authenticator %s', _require_known.user_id,
                coalesce(_require_known.authenticator_id::text, '(null)')
            ),
            'Look the authenticator up in authn.authenticators.',
            'authenticator_id'
        );
    end if;
end
$$;
comment on function authn._require_known(uuid, uuid) is
    'AU001, AU002 where the caller sees no such authenticator, be it there or removed';

create function authn.status_at(user_id uuid, authenticator_id uuid, app_id uuid, at timestamptz)
returns authn.status
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid := authn._tenant_of(status_at.user_id);
    v_status authn.status;
begin
    perform authn._require_known(status_at.user_id, status_at.authenticator_id);
    if status_at.app_id is not null then
        perform authn._tenant_of_app(status_at.app_id, v_tenant_id);
    end if;
    perform authn._require_past(status_at.at);

    select case
        when status_at.app_id is not null then authn.overall_status(s.status) filter (where s.app_id = status_at.app_id)
        else coalesce(
            authn.overall_status(s.status) filter (where s.app_id is not null and s.available),
            authn.overall_status(s.status) filter (where s.app_id is null)
        )
    end
    into v_status
    from authn._statuses_at(v_tenant_id, status_at.user_id, status_at.at) s
    where s.authenticator_id = status_at.authenticator_id;
    return v_status;
end
$$;
comment on function authn.status_at(uuid, uuid, uuid, timestamptz) is
    'the status of an authenticator in an app at a past instant, or with app_id null the roll-up; null where it was not registered then; AU001, AU002, AU003, AU017';
grant execute on function authn.status_at(uuid, uuid, uuid, timestamptz) to authn_reader;

create function authn.user_statuses_at(user_id uuid, at timestamptz)
returns setof authn.past_status
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid := authn._tenant_of(user_statuses_at.user_id);
begin
    perform authn._require_past(user_statuses_at.at);
    return query
    select
        s.user_id, s.authenticator_id, s.app_id, s.device_id, s.method, s.available, s.status, s.registered_at,
        s.last_success_at, s.locked_until, s.deactivated_until
    from (
        select n.*, count(n.app_id) over (partition by n.authenticator_id) as app_count
        from authn._statuses_at(v_tenant_id, user_statuses_at.user_id, user_statuses_at.at) n
    ) s
    where s.app_id is not null
       or s.app_count = 0;
end
$$;
comment on function authn.user_statuses_at(uuid, timestamptz) is
    'every context of a user at a past instant, removed ones of today included, and with app_id null every authenticator that had none; AU001, AU017';
grant execute on function authn.user_statuses_at(uuid, timestamptz) to authn_reader;

create function authn.statuses_at(tenant_id uuid, at timestamptz)
returns setof authn.past_status
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_tenant(statuses_at.tenant_id);
    perform authn._require_past(statuses_at.at);
    return query
    select
        s.user_id, s.authenticator_id, s.app_id, s.device_id, s.method, s.available, s.status, s.registered_at,
        s.last_success_at, s.locked_until, s.deactivated_until
    from (
        select n.*, count(n.app_id) over (partition by n.user_id, n.authenticator_id) as app_count
        from authn._statuses_at(statuses_at.tenant_id, null, statuses_at.at) n
    ) s
    where s.app_id is not null
       or s.app_count = 0;
end
$$;
comment on function authn.statuses_at(uuid, timestamptz) is
    'authn.user_statuses_at of every user of a tenant, in one pass over the log until that instant; AU012, AU017';
grant execute on function authn.statuses_at(uuid, timestamptz) to authn_reader;
