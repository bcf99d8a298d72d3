-- Retention: the event log goes by whole months. Tenants share its partitions, so a month goes when no
-- tenant keeps it any more; what still decides at the cut stays behind as a baseline.

create function authn._keep_baselines(since timestamptz, until timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    insert into authn_data.event_baselines (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, reason, details
    )
    select distinct on (e.user_id, e.domain_id, e.authenticator_id, e.app_id, e.device_id, e.kind)
        e.user_id, e.domain_id, e.number, e.at, e.tenant_id, e.kind, e.authenticator_id, e.app_id, e.device_id,
        e.method, e.status_before, e.status_after, e.actor, e.role, e.reason, e.details
    from authn_data.events e
    where e.at >= _keep_baselines.since
      and e.at < _keep_baselines.until
    order by e.user_id, e.domain_id, e.authenticator_id, e.app_id, e.device_id, e.kind, e.at desc, e.number desc;

    delete from authn_data.event_baselines b
    using authn_data.event_baselines later
    where later.user_id = b.user_id
      and later.domain_id = b.domain_id
      and later.kind = b.kind
      and later.authenticator_id is not distinct from b.authenticator_id
      and later.app_id is not distinct from b.app_id
      and later.device_id is not distinct from b.device_id
      and (later.at, later.number) > (b.at, b.number);
end
$$;
comment on function authn._keep_baselines(timestamptz, timestamptz) is
    'keeps, of a month that is about to go, the last event of each kind in each context';

create function authn._has_open_events(since timestamptz, until timestamptz, closed_to xid8)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from authn_data.events e
        where e.at >= _has_open_events.since
          and e.at < _has_open_events.until
          and e.xid >= _has_open_events.closed_to
    );
end
$$;
comment on function authn._has_open_events(timestamptz, timestamptz, xid8) is
    'whether the log holds, of this time, what the closings do not cover';

create function authn.drop_events_before(before timestamptz default null)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
-- Attempts that find the log being cut wait no longer than this.
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
    v_keep_from timestamptz;
    v_before timestamptz;
    v_closed_to xid8;
    v_partition record;
    v_dropped text[] := '{}';
    v_dropped_before timestamptz;
begin
    perform authn._require_every_tenant();
    v_keep_from := authn._clock() - (select coalesce(max(t.retention), interval '0') from authn_data.tenants t);
    v_before := coalesce(drop_events_before.before, v_keep_from);
    if v_before > v_keep_from then
        perform authn._raise(
            'invalid_argument',
            format('a tenant keeps its events from %s on', v_keep_from),
            'Leave "before" out, or shorten the setting retention of that tenant.',
            'before'
        );
    end if;

    perform authn.close_events();
    select coalesce(max(c.to_xid), '0'::xid8) into strict v_closed_to from authn_data.event_closings c;

    for v_partition in
        select i.inhrelid::regclass as name, m.month, m.month + interval '1 month' as ends_at
        from pg_inherits i
        cross join lateral (select authn._month_of_partition(i.inhrelid::regclass) as month) m
        where i.inhparent = 'authn_data.events'::regclass
          and m.month + interval '1 month' <= v_before
        order by m.month
    loop
        -- What was written too late to be closed stays, and every later month with it, until the next call.
        exit when authn._has_open_events(v_partition.month, v_partition.ends_at, v_closed_to);
        perform authn._keep_baselines(v_partition.month, v_partition.ends_at);
        execute format('lock table authn_data.events, %s in access exclusive mode', v_partition.name);
        if authn._has_open_events(v_partition.month, v_partition.ends_at, v_closed_to) then
            raise exception using
                errcode = 'object_in_use',
                message = format('%s was written to while it was about to go', v_partition.name),
                hint = 'Call it again.';
        end if;
        v_dropped := v_dropped || v_partition.name::text;
        execute format('drop table %s', v_partition.name);
        v_dropped_before := v_partition.ends_at;
    end loop;
    if v_dropped_before is null then
        return 0;
    end if;

    -- What the log told of beside its events goes with them.
    delete from authn_data.locks l where coalesce(l.ended_at, l.until) < v_dropped_before;
    delete from authn_data.batches b where b.at < v_dropped_before;
    delete from authn_data.refusals r where r.first_at < v_dropped_before;
    insert into authn_data.event_drops (dropped_before, dropped_at, dropped_by, partitions)
    values (v_dropped_before, authn._clock(), authn.current_actor(), v_dropped);
    return cardinality(v_dropped);
end
$$;
comment on function authn.drop_events_before(timestamptz) is
    'drops the months of the event log that end before an instant (null: what no tenant''s retention keeps), after closing them and keeping what still decides; how many; AU010 for anybody but an operator, AU017 where a tenant keeps longer';
grant execute on function authn.drop_events_before(timestamptz) to authn_operator;
