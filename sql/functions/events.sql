-- Writing events of actions. Attempts, the hot path, write theirs themselves. The update that numbers an event and
-- the event are two statements, each of one user: one statement that did both would not be routed to his machine.

create function authn._reason(reason text)
returns text
language sql
stable
parallel safe
return coalesce(reason, authn._trusted_setting('reason'));
comment on function authn._reason(text) is 'the reason given, or the one set for the transaction';

create function authn._record_user_event(
    user_id uuid,
    kind authn.event_kind,
    at timestamptz,
    authenticator_id uuid default null,
    app_id uuid default null,
    device_id uuid default null,
    method authn.method default null,
    status_before authn.status default null,
    status_after authn.status default null,
    reason text default null,
    details jsonb default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid;
    v_number bigint;
begin
    update authn_data.users u
    set event_number = u.event_number + 1
    where u.user_id = _record_user_event.user_id
    returning u.tenant_id, u.event_number into v_tenant_id, v_number;

    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    values (
        _record_user_event.user_id, _record_user_event.user_id, v_number, _record_user_event.at, v_tenant_id,
        _record_user_event.kind, _record_user_event.authenticator_id, _record_user_event.app_id,
        _record_user_event.device_id, _record_user_event.method,
        _record_user_event.status_before, _record_user_event.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_user_event.reason), _record_user_event.details
    );
end
$$;
comment on function authn._record_user_event(
    uuid, authn.event_kind, timestamptz, uuid, uuid, uuid, authn.method, authn.status, authn.status, text, jsonb
) is 'an event numbered on the user: what concerns him, a device, or an authenticator in every app';

create function authn._record_context_event(
    user_id uuid,
    context_id uuid,
    kind authn.event_kind,
    at timestamptz,
    status_before authn.status default null,
    status_after authn.status default null,
    reason text default null,
    details jsonb default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_context record;
    v_device_id uuid;
begin
    update authn_data.contexts c
    set event_number = c.event_number + 1
    where c.user_id = _record_context_event.user_id
      and c.context_id = _record_context_event.context_id
    returning c.* into v_context;

    select a.device_id
    into v_device_id
    from authn_data.authenticators a
    where a.user_id = _record_context_event.user_id
      and a.authenticator_id = v_context.authenticator_id;

    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    values (
        v_context.user_id, v_context.context_id, v_context.event_number, _record_context_event.at, v_context.tenant_id,
        _record_context_event.kind, v_context.authenticator_id, v_context.app_id, v_device_id, v_context.method,
        _record_context_event.status_before, _record_context_event.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_context_event.reason), _record_context_event.details
    );
end
$$;
comment on function authn._record_context_event(
    uuid, uuid, authn.event_kind, timestamptz, authn.status, authn.status, text, jsonb
) is 'an event numbered on a context, or on the lock domain of a global authenticator';

create function authn._record_tenant_event(
    tenant_id uuid,
    kind authn.event_kind,
    at timestamptz,
    app_id uuid,
    method authn.method,
    reason text,
    details jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_number bigint;
begin
    -- Two statements: a row that one hands to the other Citus writes as a copy, which row-level security refuses.
    update authn_data.tenants t
    set event_number = t.event_number + 1
    where t.tenant_id = _record_tenant_event.tenant_id
    returning t.event_number into strict v_number;

    insert into authn_data.tenant_events (
        tenant_id, number, at, kind, app_id, method, actor, role, ip, user_agent, request_id, reason, details
    )
    values (
        _record_tenant_event.tenant_id, v_number, _record_tenant_event.at, _record_tenant_event.kind,
        _record_tenant_event.app_id, _record_tenant_event.method,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_tenant_event.reason), _record_tenant_event.details
    );
end
$$;
comment on function authn._record_tenant_event(uuid, authn.event_kind, timestamptz, uuid, authn.method, text, jsonb) is
    'an event numbered on the tenant: what concerns no single user';

-- Enums and text are not immutable to each other, so neither is this; nothing indexes it.
create function authn._event_id(domain_id uuid, number bigint, kind authn.event_kind)
returns uuid
language sql
stable
parallel safe
return cast(pg_catalog.md5(pg_catalog.concat_ws('/', domain_id, number, kind)) as uuid);
comment on function authn._event_id(uuid, bigint, authn.event_kind) is
    'the key of an event, or of an expiry that nobody wrote: its kind, and the number of what brought it about';
grant execute on function authn._event_id(uuid, bigint, authn.event_kind) to authn_reader;

create function authn._make_event_partition(name text, bounds text, meaning text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format(
        'create table authn_data.%I partition of authn_data.events %s',
        _make_event_partition.name, _make_event_partition.bounds
    );
    execute format('alter table authn_data.%I enable row level security', _make_event_partition.name);
    execute format('alter table authn_data.%I force row level security', _make_event_partition.name);
    execute format(
        'create trigger events_are_not_truncated before truncate on authn_data.%I '
        'for each statement execute function authn._refuse_change()',
        _make_event_partition.name
    );
    execute format(
        'comment on trigger events_are_not_truncated on authn_data.%I is %L',
        _make_event_partition.name, 'no privilege lets anyone empty the log'
    );
    execute format(
        'comment on table authn_data.%I is %L', _make_event_partition.name, _make_event_partition.meaning
    );
end
$$;
comment on function authn._make_event_partition(text, text, text) is
    'a partition of the event log, guarded like every other';

create function authn._make_month_of_events(month timestamptz)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_name text := 'events_' || to_char(_make_month_of_events.month, 'YYYY_MM');
begin
    if to_regclass(format('authn_data.%I', v_name)) is not null then
        return false;
    end if;
    perform authn._make_event_partition(
        v_name,
        format(
            'for values from (%L) to (%L)', _make_month_of_events.month, _make_month_of_events.month + interval '1 month'
        ),
        'events of ' || to_char(_make_month_of_events.month, 'YYYY-MM') || ' (UTC)'
    );
    return true;
end
$$;
comment on function authn._make_month_of_events(timestamptz) is
    'the partition of a month (UTC) of the event log; false where it is there already';

create function authn._month_of_partition(partition regclass)
returns timestamptz
language sql
stable
parallel safe
begin atomic
    select pg_catalog.timezone('UTC', pg_catalog.to_date(pg_catalog.substring(c.relname, '^events_([0-9]{4}_[0-9]{2})$'), 'YYYY_MM')::pg_catalog.timestamp)
    from pg_catalog.pg_class c
    where c.oid operator(pg_catalog.=) partition;
end;
comment on function authn._month_of_partition(regclass) is 'the month that a partition of the event log holds; null for the one that holds the rest';

create function authn._default_holds_events()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_gap record;
begin
    if pg_relation_size('authn_data.events_default') = 0 then
        return false;
    end if;
    -- Asked for by the times that no month covers, so that no month is read; and of the log, because the
    -- partition itself shows its rows to nobody.
    for v_gap in
        select
            coalesce(lag(m.month) over (order by m.month) + interval '1 month', '-infinity') as since,
            m.month as until
        from (
            select authn._month_of_partition(i.inhrelid::regclass) as month
            from pg_inherits i
            where i.inhparent = 'authn_data.events'::regclass
            union all
            select 'infinity'
        ) m
        where m.month is not null
    loop
        if exists (select from authn_data.events e where e.at >= v_gap.since and e.at < v_gap.until) then
            return true;
        end if;
    end loop;
    return false;
end
$$;
comment on function authn._default_holds_events() is 'whether the event log holds what no month was made for';

-- A month cannot be made beside a default partition that holds some of it, nor can a row be deleted from
-- there: the default is taken out of the log and its rows are written again.
create function authn._move_events_out_of_the_default()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_month timestamptz;
    v_made integer := 0;
begin
    lock table authn_data.events in access exclusive mode;
    alter table authn_data.events detach partition authn_data.events_default;
    alter table authn_data.events_default rename to events_taken_out;
    alter index authn_data.events_default_pkey rename to events_taken_out_pkey;
    -- Whoever asks, the rows of every tenant move; nobody else reaches the log until this is done.
    alter table authn_data.events_taken_out no force row level security;
    alter table authn_data.events no force row level security;
    perform authn._make_event_partition('events_default', 'default', 'events of months without a partition of their own');

    for v_month in
        select distinct date_trunc('month', e.at, 'UTC') from authn_data.events_taken_out e
    loop
        v_made := v_made + authn._make_month_of_events(v_month)::integer;
    end loop;
    insert into authn_data.events select * from authn_data.events_taken_out;
    alter table authn_data.events force row level security;
    drop table authn_data.events_taken_out;
    return v_made;
end
$$;
comment on function authn._move_events_out_of_the_default() is
    'gives every month in the default partition of the event log a partition of its own; how many that made';

create function authn.ensure_event_partitions(ahead interval default interval '12 months')
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
-- Attempts that find the log being rearranged wait no longer than this.
set lock_timeout = '2s'
as $$
declare
    v_month timestamptz := date_trunc('month', authn._clock()) - interval '1 month';
    v_made integer := 0;
begin
    if authn._default_holds_events() then
        v_made := authn._move_events_out_of_the_default();
    end if;
    while v_month <= authn._clock() + ensure_event_partitions.ahead loop
        v_made := v_made + authn._make_month_of_events(v_month)::integer;
        v_month := v_month + interval '1 month';
    end loop;
    return v_made;
end
$$;
comment on function authn.ensure_event_partitions(interval) is
    'makes the monthly partitions of the event log from last month to "ahead" from now, and of every month that had none when it was written to; answers how many were missing';
grant execute on function authn.ensure_event_partitions(interval) to authn_operator;
