-- Following the log: what changed since a cursor, each change once, whoever restarts in between.
--
-- Two streams make one. Changes that were written come in the order in which they were committed; ends of locks
-- and blocks, which nobody writes, come in the order of their instants. A cursor holds a place in either. What lies
-- before it is exactly: the changes up to its place in the log, and, of what began up to there, the ends up to its
-- place in time. So an end whose beginning was committed late is still told, behind its beginning; and after every
-- cursor comes the same rest, wherever somebody stopped.

create function authn._cursor_text(place authn._cursor)
returns text
language sql
immutable
parallel safe
return pg_catalog.concat_ws(
    '.', '1', place.tenant_id, place.server,
    place.xid, cast(extract(epoch from place.at) * 1000000 as bigint), place.domain_id, place.number,
    cast(place.own_end_is_next as integer),
    cast(extract(epoch from place.end_at) * 1000000 as bigint), place.end_domain_id, place.end_number
);
comment on function authn._cursor_text(authn._cursor) is 'a place in the log as text: what followers keep, and give back';

create function authn._microseconds(since_1970 text)
returns timestamptz
language sql
immutable
parallel safe
return pg_catalog.to_timestamp(0) + cast(since_1970 as bigint) * interval '1 microsecond';
comment on function authn._microseconds(text) is 'the instant that a cursor tells';

-- Behind every end of an instant: keys that no row has.
create function authn._least_key()
returns uuid
language sql
immutable
parallel safe
return '00000000-0000-0000-0000-000000000000'::uuid;
comment on function authn._least_key() is 'a key before those of all rows';

create function authn._greatest_key()
returns uuid
language sql
immutable
parallel safe
return 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid;
comment on function authn._greatest_key() is 'a key behind those of all rows';

create function authn._greatest_number()
returns bigint
language sql
immutable
parallel safe
return 999999999999999999;
comment on function authn._greatest_number() is 'a number behind those of all events';

create function authn._log_server()
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select s.system_identifier::text
        from authn_data.log_servers s
        order by s.since desc
        limit 1
    );
end
$$;
comment on function authn._log_server() is 'the server that writes the log';

-- A place is behind a row that is there, never at a position that a transaction may yet get: after a crash the server
-- gives positions again of which nothing was written.
create function authn._latest_place(tenant_id uuid, horizon xid8, now timestamptz)
returns authn._cursor
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_last record;
begin
    select e.xid, e.at, e.domain_id, e.number
    into v_last
    from authn_data.events e
    where e.tenant_id = _latest_place.tenant_id
      and e.xid < _latest_place.horizon
      and authn._changes_status(e.kind, e.status_before, e.status_after)
    order by e.xid desc, e.at desc, e.domain_id desc, e.number desc
    limit 1;
    return row(
        _latest_place.tenant_id, authn._log_server(),
        coalesce(v_last.xid, '0'), coalesce(v_last.at, to_timestamp(0)), coalesce(v_last.domain_id, authn._least_key()),
        coalesce(v_last.number, 0), false,
        _latest_place.now, authn._greatest_key(), authn._greatest_number()
    )::authn._cursor;
end
$$;
comment on function authn._latest_place(uuid, xid8, timestamptz) is
    'the place behind all that a tenant''s log holds below the horizon, and behind every end up to an instant';

create function authn._place_of(tenant_id uuid, cursor text)
returns authn._cursor
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts text[] := string_to_array(_place_of.cursor, '.');
    v_place authn._cursor;
begin
    -- As many digits as fit, so that no cast below can fail.
    if _place_of.cursor !~ (
        '^1\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,20}'
        '\.[0-9]{1,18}\.[0-9]{1,17}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,18}\.[01]'
        '\.[0-9]{1,17}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,18}$'
    ) then
        perform authn._raise('invalid_argument', 'this is no cursor', 'Give back one that an earlier answer held.', 'after');
    end if;
    if v_parts[2] <> _place_of.tenant_id::text then
        perform authn._raise('invalid_argument', 'the cursor is another tenant''s', 'Give back one of this tenant.', 'after');
    end if;
    v_place := row(
        _place_of.tenant_id, v_parts[3],
        v_parts[4]::xid8, authn._microseconds(v_parts[5]), v_parts[6]::uuid, v_parts[7]::bigint, v_parts[8] = '1',
        authn._microseconds(v_parts[9]), v_parts[10]::uuid, v_parts[11]::bigint
    )::authn._cursor;
    -- Positions of a server whose log was restored here say nothing about what was written since.
    if v_place.server <> authn._log_server() then
        perform authn._raise(
            'cursor_expired', 'the log was restored into another server since this cursor',
            'Read the present state, and follow from now on.', 'after'
        );
    end if;
    if v_place.end_at < (select max(d.dropped_before) from authn_data.event_drops d) then
        perform authn._raise(
            'cursor_expired', 'the log does not reach back to this cursor any more',
            'Read the present state, and follow from now on.', 'after'
        );
    end if;
    return v_place;
end
$$;
comment on function authn._place_of(uuid, text) is
    'the place in the log that a cursor tells; AU017 for what is none of this tenant, AU018 where the log does not reach back to it';

-- One page behind a place, in one statement over what lies below the horizon.
create function authn._told_changes(
    place authn._cursor,
    horizon xid8,
    now timestamptz,
    upto authn._cursor,
    user_id uuid,
    most integer
)
returns setof authn.status_change
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
-- Planning for the partitions of the log takes a hundred times as long as a page.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_place authn._cursor := _told_changes.place;
    v_upto authn._cursor := _told_changes.upto;
    v_most integer := _told_changes.most;
begin
    return query
    with written as materialized (
        select
            -- The first is the 0th where only its own end is still to be told.
            row_number() over w - v_place.own_end_is_next::integer as nth,
            -- Ends up to here are told before it. Instants of the log go back and forth a little.
            least(_told_changes.now, greatest(v_place.end_at, max(e.at) over w)) as ends_told,
            e.*
        from (
            select
                e.xid, e.at, e.domain_id, e.number, e.kind, e.user_id, e.authenticator_id, e.app_id, e.device_id,
                e.method, e.status_before, e.status_after, e.reason
            from authn_data.events e
            where e.tenant_id = v_place.tenant_id
              and (_told_changes.user_id is null or e.user_id = _told_changes.user_id)
              and (e.xid, e.at, e.domain_id, e.number)
                  > (v_place.xid, v_place.at, v_place.domain_id, v_place.number - v_place.own_end_is_next::integer)
              and e.xid < _told_changes.horizon
              and (
                  v_upto.xid is null
                  or (e.xid, e.at, e.domain_id, e.number) <= (v_upto.xid, v_upto.at, v_upto.domain_id, v_upto.number)
              )
              and authn._changes_status(e.kind, e.status_before, e.status_after)
            order by e.xid, e.at, e.domain_id, e.number
            limit v_most + 1
        ) e
        window w as (order by e.xid, e.at, e.domain_id, e.number)
    ),
    ended as materialized (
        (
            -- Of what began before this page. A lock may outlive the event of its beginning.
            select null::bigint as began_as, x.*
            from authn_data.expiries x
            left join authn_data.events o
                on o.user_id = x.user_id and o.domain_id = x.domain_id and o.number = x.number and o.at = x.since
            where x.tenant_id = v_place.tenant_id
              and (_told_changes.user_id is null or x.user_id = _told_changes.user_id)
              and x.until between v_place.end_at and _told_changes.now
              and (x.until, x.domain_id, x.number) > (v_place.end_at, v_place.end_domain_id, v_place.end_number)
              and (coalesce(o.xid, '0'), x.since, x.domain_id, x.number)
                  <= (v_place.xid, v_place.at, v_place.domain_id, v_place.number)
            order by x.until, x.domain_id, x.number
            limit v_most + 1
        )
        union all
        select w.nth, x.*
        from written w
        join authn_data.expiries x
            on x.user_id = w.user_id and x.domain_id = w.domain_id and x.number = w.number and x.since = w.at
        where w.kind in ('locked', 'deactivated', 'user_suspended')
          and x.until <= _told_changes.now
    ),
    -- Each with its place on the page: before the nth that was written (step 0), as it (1), or right behind it (2).
    told as (
        select
            w.nth, 1 as step, w.nth as behind, w.ends_told as end_at, null::uuid as end_domain_id, null::bigint as end_number,
            exists (select from ended x where x.began_as = w.nth and x.until <= w.ends_told) as own_end_is_next,
            w.at, w.kind, w.user_id, w.authenticator_id, w.app_id, w.device_id, w.method, w.status_before, w.status_after,
            w.reason
        from written w
        where w.nth > 0
        union all
        select
            w.nth, 2, w.nth, w.ends_told, null, null, false,
            x.until, x.kind, x.user_id, x.authenticator_id, x.app_id, x.device_id, x.method, x.status_before, null, null
        from ended x
        join written w on w.nth = x.began_as and w.ends_told >= x.until
        union all
        select
            n.nth, 0, n.nth - 1, x.until, x.domain_id, x.number, false,
            x.until, x.kind, x.user_id, x.authenticator_id, x.app_id, x.device_id, x.method, x.status_before, null, null
        from ended x
        left join written b on b.nth = x.began_as
        cross join (select count(*) filter (where w.nth > 0) as written from written w) count_of
        cross join lateral (
            -- Behind all that was written, where it all fits on the page.
            select coalesce(min(w.nth), count_of.written + 1) as nth
            from written w
            where w.nth > 0
              and w.ends_told >= x.until
        ) n
        where (b.nth is null or b.ends_told < x.until)
          and n.nth <= v_most
    )
    select
        authn._cursor_text(row(
            v_place.tenant_id, v_place.server, p.xid, p.at, p.domain_id, p.number, t.own_end_is_next,
            t.end_at, coalesce(t.end_domain_id, authn._greatest_key()), coalesce(t.end_number, authn._greatest_number())
        )::authn._cursor),
        t.at, t.kind, t.user_id, t.authenticator_id, t.app_id, t.device_id, t.method, t.status_before,
        case
            when t.step = 1 then t.status_after
            else authn._status_when_over(v_place.tenant_id, t.user_id, t.authenticator_id, t.app_id, t.device_id, t.at)
        end,
        t.reason
    from (
        select t.*
        from told t
        order by t.nth, t.step, t.end_at, t.end_domain_id, t.end_number
        limit v_most
    ) t
    cross join lateral (
        select w.xid, w.at, w.domain_id, w.number from written w where w.nth = t.behind and w.nth > 0
        union all
        select v_place.xid, v_place.at, v_place.domain_id, v_place.number where t.behind = 0
    ) p
    order by t.nth, t.step, t.end_at, t.end_domain_id, t.end_number;
end
$$;
comment on function authn._told_changes(authn._cursor, xid8, timestamptz, authn._cursor, uuid, integer) is
    'the changes behind a place, up to the horizon of the log and an instant, and no further than upto (null: as far as that), each with the cursor behind it';

create function authn._next_end(tenant_id uuid, after timestamptz)
returns timestamptz
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return least(
        (
            select min(l.until)
            from authn_data.locks l
            where l.tenant_id = _next_end.tenant_id
              and l.ended_at is null
              and l.until > _next_end.after
              and l.until < 'infinity'
        ),
        -- One that something else changed before wakes a follower for nothing, and costs nobody a join.
        (
            select min(authn._written_end(e.details))
            from authn_data.events e
            where e.tenant_id = _next_end.tenant_id
              and e.kind in ('deactivated', 'user_suspended')
              and authn._written_end(e.details) > _next_end.after
              and authn._written_end(e.details) < 'infinity'
        )
    );
end
$$;
comment on function authn._next_end(uuid, timestamptz) is
    'when the next lock or block of a tenant may end by itself; null: none will';

create function authn.status_changes(
    tenant_id uuid,
    after text default null,
    user_id uuid default null,
    most integer default 100,
    upto text default null
)
returns table (changes authn.status_change[], cursor text, more boolean, pending boolean, next_end_in interval)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
rows 1
as $$
#variable_conflict use_column
declare
    v_place authn._cursor;
    v_upto authn._cursor;
    v_horizon xid8;
    v_now timestamptz := authn._statement_clock();
begin
    perform authn._require_access('authn_reader', 'authn_operator');
    perform authn._require_tenant(status_changes.tenant_id);
    if status_changes.user_id is not null then
        perform authn._tenant_of(status_changes.user_id);
    end if;
    if coalesce(status_changes.most not between 1 and 1000, true) then
        perform authn._raise(
            'invalid_argument', format('"most" is %s', coalesce(status_changes.most::text, '(null)')),
            'It is 1 to 1000.', 'most'
        );
    end if;

    -- Of the snapshot that everything here is read with: what lies below it is decided, and seen.
    v_horizon := authn._log_horizon();
    if status_changes.after is null then
        v_place := authn._latest_place(status_changes.tenant_id, v_horizon, v_now);
    else
        v_place := authn._place_of(status_changes.tenant_id, status_changes.after);
    end if;
    if v_place.xid >= v_horizon then
        perform authn._raise(
            'cursor_expired', 'the cursor is ahead of the log, which was taken back to an earlier time',
            'Read the present state, and follow from now on.', 'after'
        );
    end if;
    if status_changes.upto is not null then
        v_upto := authn._place_of(status_changes.tenant_id, status_changes.upto);
        v_now := least(v_now, v_upto.end_at);
    end if;
    -- For a follower time never runs backwards.
    v_now := greatest(v_now, v_place.end_at);

    changes := array(
        select t
        from authn._told_changes(v_place, v_horizon, v_now, v_upto, status_changes.user_id, status_changes.most) t
    );
    -- A page that is full may be the last one; the next is then empty.
    more := cardinality(changes) = status_changes.most;
    if cardinality(changes) > 0 then
        v_place := authn._place_of(status_changes.tenant_id, changes[cardinality(changes)].cursor);
    end if;
    if not more then
        v_place.end_at := v_now;
        v_place.end_domain_id := authn._greatest_key();
        v_place.end_number := authn._greatest_number();
    end if;
    cursor := coalesce(case when not more then status_changes.upto end, authn._cursor_text(v_place));
    pending := exists (
        select
        from authn_data.events e
        where e.tenant_id = status_changes.tenant_id
          and e.xid >= v_horizon
          and authn._changes_status(e.kind, e.status_before, e.status_after)
    );
    next_end_in := greatest(authn._next_end(status_changes.tenant_id, v_now) - authn._clock(), interval '0');
    return next;
end
$$;
comment on function authn.status_changes(uuid, text, uuid, integer, text) is
    'what changed a status since a cursor (null: nothing, only the cursor of now), of one user or of all, ends of locks and blocks included: at most so many (1 to 1000), up to another cursor where one is given, in an order in which each comes once. "more": ask again at once; "pending": soon, for something is committed whose turn has not come; next_end_in: then at the latest; otherwise after the next notification authn_changed. AU001, AU012, AU017, AU018';
grant execute on function authn.status_changes(uuid, text, uuid, integer, text) to authn_reader, authn_operator;
