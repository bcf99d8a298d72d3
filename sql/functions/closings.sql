-- Closing the event log: a chained digest per tenant over what can no longer change, so that an edit by
-- somebody whom no privilege stops is found out. Attempts neither wait for it nor pay for it.

create function authn._require_every_tenant()
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._require_storage();
    if not authn._sees_every_tenant() then
        perform authn._raise(
            'not_allowed', 'this concerns every tenant', 'Act as a member of authn_operator, with no tenant set.'
        );
    end if;
end
$$;
comment on function authn._require_every_tenant() is 'AU010 for anybody but an operator who named no tenant';

create function authn._chained(
    previous bytea,
    tenant_id uuid,
    number integer,
    month timestamptz,
    from_xid xid8,
    to_xid xid8,
    events bigint,
    first_at timestamptz,
    last_at timestamptz,
    events_digest bytea,
    closed_at timestamptz,
    closed_by text
)
returns bytea
language sql
stable
parallel safe
return pg_catalog.sha256(
    coalesce(previous, ''::pg_catalog.bytea) || events_digest || pg_catalog.convert_to(
        pg_catalog.jsonb_build_array(
            tenant_id, number, extract(epoch from month), from_xid::pg_catalog.text, to_xid::pg_catalog.text, events,
            extract(epoch from first_at), extract(epoch from last_at), extract(epoch from closed_at), closed_by
        )::pg_catalog.text,
        'UTF8'
    )
);
comment on function authn._chained(
    bytea, uuid, integer, timestamptz, xid8, xid8, bigint, timestamptz, timestamptz, bytea, timestamptz, text
) is
    'the digest of a closing: over its events, its own row and the digest before it';

-- A closing finds what is new by transaction. Attempts do not pay for an index that would help: a month gets
-- it when it is over and hardly written to any more; the one that runs, and the one before, are read whole.
create function authn._index_months_that_are_over()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_partition record;
begin
    for v_partition in
        select c.oid::regclass as name, c.relname || '_by_xid' as index_name
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'authn_data.events'::regclass
          and authn._month_of_partition(i.inhrelid::regclass) < date_trunc('month', authn._clock()) - interval '1 month'
          and to_regclass(format('authn_data.%I', c.relname || '_by_xid')) is null
    loop
        execute format('create index %I on %s (xid)', v_partition.index_name, v_partition.name);
        execute format(
            'comment on index authn_data.%I is %L', v_partition.index_name, 'finds what was written to this month since a closing'
        );
    end loop;
end
$$;
comment on function authn._index_months_that_are_over() is
    'gives each month of the event log that is over for a month an index by transaction';

create function authn.close_events()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_from xid8;
    v_to xid8;
    v_at timestamptz := authn._clock();
    v_group record;
    v_last record;
    v_closed integer := 0;
begin
    perform authn._require_every_tenant();
    perform pg_advisory_xact_lock(hashtextextended('pg_authn.close_events', 0));

    -- Read first: everything below the oldest transaction that still runs is seen by what is read next.
    v_to := authn._log_horizon();
    select coalesce(max(c.to_xid), '0'::xid8) into strict v_from from authn_data.event_closings c;

    -- By month, as the log is partitioned: retention then takes closings whole.
    for v_group in
        select
            h.tenant_id,
            date_trunc('month', h.at, 'UTC') as month,
            count(*) as events,
            min(h.at) as first_at,
            max(h.at) as last_at,
            sha256(string_agg(h.hash, ''::bytea order by h.user_id, h.domain_id, h.number, h.at)) as digest
        from authn_data.event_hashes h
        where h.xid >= v_from
          and h.xid < v_to
        group by 1, 2
        order by 1, 2
    loop
        select c.number, c.digest
        into v_last
        from authn_data.event_closings c
        where c.tenant_id = v_group.tenant_id
        order by c.number desc
        limit 1;

        insert into authn_data.event_closings (
            tenant_id, number, month, from_xid, to_xid, events, first_at, last_at, events_digest, digest,
            closed_at, closed_by
        )
        values (
            v_group.tenant_id, coalesce(v_last.number, 0) + 1, v_group.month, v_from, v_to, v_group.events,
            v_group.first_at, v_group.last_at, v_group.digest,
            authn._chained(
                v_last.digest, v_group.tenant_id, coalesce(v_last.number, 0) + 1, v_group.month, v_from, v_to,
                v_group.events, v_group.first_at, v_group.last_at, v_group.digest, v_at, authn.current_actor()
            ),
            v_at, authn.current_actor()
        );
        v_closed := v_closed + 1;
    end loop;
    perform authn._index_months_that_are_over();
    return v_closed;
end
$$;
comment on function authn.close_events() is
    'closes what the event log gained since the last call, by tenant and month, with a chained digest; how many closings that made; nothing new, none; AU010 for anybody but an operator, AU019 after a restore before authn.migrate()';
grant execute on function authn.close_events() to authn_operator;

create function authn._closing_differences(tenant_id uuid, since timestamptz, until timestamptz)
returns table (closing integer, first_at timestamptz, last_at timestamptz, difference text, details jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_dropped_before timestamptz := (select max(d.dropped_before) from authn_data.event_drops d);
begin
    return query
    with closings as (
        select
            c.*,
            lag(c.number) over (order by c.number) as number_before,
            lag(c.digest) over (order by c.number) as digest_before
        from authn_data.event_closings c
        where c.tenant_id = _closing_differences.tenant_id
    ),
    closed as (
        select max(c.to_xid) as to_xid from closings c
    ),
    found_events as (
        select
            c.number,
            count(*) as events,
            min(h.at) as first_at,
            max(h.at) as last_at,
            sha256(string_agg(h.hash, ''::bytea order by h.user_id, h.domain_id, h.number, h.at)) as digest
        from authn_data.event_hashes h
        cross join closed x
        left join closings c
            on h.xid >= c.from_xid
            and h.xid < c.to_xid
            and c.month = date_trunc('month', h.at, 'UTC')
        where h.tenant_id = _closing_differences.tenant_id
          and h.at >= date_trunc('month', _closing_differences.since, 'UTC')
          and h.xid < x.to_xid
        group by c.number
    )
    select
        c.number, coalesce(c.first_at, f.first_at), coalesce(c.last_at, f.last_at), x.difference,
        jsonb_build_object('closed', coalesce(c.events, 0), 'found', coalesce(f.events, 0))
    from closings c
    full join found_events f on f.number = c.number
    cross join lateral (
        select case
            when coalesce(f.events, 0) > coalesce(c.events, 0) then 'events_added'
            when coalesce(f.events, 0) < c.events then 'events_missing'
            when f.digest <> c.events_digest then 'events_changed'
        end as difference
    ) x
    where x.difference is not null
      and coalesce(c.last_at, f.last_at) >= _closing_differences.since
      and coalesce(c.first_at, f.first_at) <= _closing_differences.until
      and (v_dropped_before is null or coalesce(c.month, f.first_at) >= v_dropped_before)
    union all
    select c.number, c.first_at, c.last_at, 'closing_changed', null
    from closings c
    where c.digest <> authn._chained(
        c.digest_before, c.tenant_id, c.number, c.month, c.from_xid, c.to_xid, c.events, c.first_at, c.last_at,
        c.events_digest, c.closed_at, c.closed_by
    )
    union all
    select c.number, c.first_at, c.last_at, 'closing_missing', jsonb_build_object('closings', c.number - 1 - coalesce(c.number_before, 0))
    from closings c
    where c.number <> coalesce(c.number_before, 0) + 1;
end
$$;
comment on function authn._closing_differences(uuid, timestamptz, timestamptz) is
    'where the log is not what was closed, and where the chain of closings is broken';

create function authn._number_differences(tenant_id uuid, since timestamptz, until timestamptz)
returns table (first_at timestamptz, last_at timestamptz, difference text, details jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with log as (
        select
            h.user_id, h.domain_id, h.number, h.at,
            lag(h.number) over w as number_before,
            lag(h.at) over w as at_before
        from authn_data.event_hashes h
        where h.tenant_id = _number_differences.tenant_id
          and h.at between _number_differences.since and _number_differences.until
        window w as (partition by h.user_id, h.domain_id order by h.number, h.at)
    ),
    counters as (
        select c.user_id, c.context_id as domain_id, c.event_number
        from authn_data.contexts c
        where c.tenant_id = _number_differences.tenant_id
        union all
        select u.user_id, u.user_id, u.event_number
        from authn_data.users u
        where u.tenant_id = _number_differences.tenant_id
        union all
        select null, t.tenant_id, t.event_number
        from authn_data.tenants t
        where t.tenant_id = _number_differences.tenant_id
    ),
    latest as (
        select l.user_id, l.domain_id, max(l.number) as number, max(l.at) as at
        from log l
        group by 1, 2
    )
    select
        l.at_before, l.at,
        case when l.number = l.number_before then 'number_repeated' else 'numbers_missing' end,
        jsonb_build_object('user_id', l.user_id, 'domain_id', l.domain_id, 'after', l.number_before, 'number', l.number)
    from log l
    where l.number <> l.number_before + 1
    union all
    select
        l.at, null,
        case when l.number > coalesce(n.event_number, 0) then 'number_not_given' else 'numbers_missing' end,
        jsonb_build_object('user_id', l.user_id, 'domain_id', l.domain_id, 'given', n.event_number, 'number', l.number)
    from latest l
    left join counters n on n.domain_id = l.domain_id and n.user_id is not distinct from l.user_id
    where _number_differences.until = 'infinity'
      and l.number is distinct from n.event_number;
end
$$;
comment on function authn._number_differences(uuid, timestamptz, timestamptz) is
    'where the numbers of the log have a gap or a repetition, or do not end where the counter of their domain stands';

create function authn.verify_events(
    tenant_id uuid,
    since timestamptz default '-infinity',
    until timestamptz default 'infinity'
)
returns table (closing integer, first_at timestamptz, last_at timestamptz, difference text, details jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(verify_events.tenant_id);
    perform authn._require_unrestricted();

    return query
    select d.closing, d.first_at, d.last_at, d.difference, d.details
    from authn._closing_differences(
        verify_events.tenant_id, coalesce(verify_events.since, '-infinity'), coalesce(verify_events.until, 'infinity')
    ) d
    union all
    select null, d.first_at, d.last_at, d.difference, d.details
    from authn._number_differences(
        verify_events.tenant_id, coalesce(verify_events.since, '-infinity'), coalesce(verify_events.until, 'infinity')
    ) d
    order by 2, 1;
end
$$;
comment on function authn.verify_events(uuid, timestamptz, timestamptz) is
    'recomputes the digests of a tenant''s event log over a time and answers what differs: events_added, events_missing, events_changed, closing_changed, closing_missing, numbers_missing, number_repeated, number_not_given; no rows: the log is what was written; AU010, AU012';
grant execute on function authn.verify_events(uuid, timestamptz, timestamptz) to authn_admin, authn_operator;
