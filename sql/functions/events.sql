-- Writing events of actions. Attempts, the hot path, write theirs themselves.

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
begin
    with numbered as (
        update authn_data.users u
        set event_number = u.event_number + 1
        where u.user_id = _record_user_event.user_id
        returning u.tenant_id, u.event_number
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        _record_user_event.user_id, _record_user_event.user_id, n.event_number, _record_user_event.at, n.tenant_id,
        _record_user_event.kind, _record_user_event.authenticator_id, _record_user_event.app_id,
        _record_user_event.device_id, _record_user_event.method,
        _record_user_event.status_before, _record_user_event.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_user_event.reason), _record_user_event.details
    from numbered n;
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
begin
    with numbered as (
        update authn_data.contexts c
        set event_number = c.event_number + 1
        where c.user_id = _record_context_event.user_id
          and c.context_id = _record_context_event.context_id
        returning c.*
    )
    insert into authn_data.events (
        user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
        status_before, status_after, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        n.user_id, n.context_id, n.event_number, _record_context_event.at, n.tenant_id, _record_context_event.kind,
        n.authenticator_id, n.app_id, a.device_id, n.method,
        _record_context_event.status_before, _record_context_event.status_after,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_context_event.reason), _record_context_event.details
    from numbered n
    join authn_data.authenticators a on a.user_id = n.user_id and a.authenticator_id = n.authenticator_id;
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
begin
    with numbered as (
        update authn_data.tenants t
        set event_number = t.event_number + 1
        where t.tenant_id = _record_tenant_event.tenant_id
        returning t.event_number
    )
    insert into authn_data.tenant_events (
        tenant_id, number, at, kind, app_id, method, actor, role, ip, user_agent, request_id, reason, details
    )
    select
        _record_tenant_event.tenant_id, n.event_number, _record_tenant_event.at, _record_tenant_event.kind,
        _record_tenant_event.app_id, _record_tenant_event.method,
        authn.current_actor(), authn.caller_role(), authn._trusted_setting('ip')::inet,
        authn._trusted_setting('user_agent'), authn._trusted_setting('request_id'),
        authn._reason(_record_tenant_event.reason), _record_tenant_event.details
    from numbered n;
end
$$;
comment on function authn._record_tenant_event(uuid, authn.event_kind, timestamptz, uuid, authn.method, text, jsonb) is
    'an event numbered on the tenant: what concerns no single user';

create function authn.ensure_event_partitions(ahead interval default interval '12 months')
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_month timestamptz := date_trunc('month', authn._clock()) - interval '1 month';
    v_name text;
    v_made integer := 0;
begin
    while v_month <= authn._clock() + ensure_event_partitions.ahead loop
        v_name := 'events_' || to_char(v_month, 'YYYY_MM');
        if to_regclass(format('authn_data.%I', v_name)) is null then
            execute format(
                'create table authn_data.%I partition of authn_data.events for values from (%L) to (%L)',
                v_name, v_month, v_month + interval '1 month'
            );
            execute format('alter table authn_data.%I enable row level security', v_name);
            execute format('alter table authn_data.%I force row level security', v_name);
            execute format(
                'create trigger events_are_not_truncated before truncate on authn_data.%I '
                'for each statement execute function authn._refuse_change()',
                v_name
            );
            execute format(
                'comment on trigger events_are_not_truncated on authn_data.%I is %L',
                v_name, 'no privilege lets anyone empty the log'
            );
            execute format(
                'comment on table authn_data.%I is %L',
                v_name, 'events of ' || to_char(v_month, 'YYYY-MM') || ' (UTC)'
            );
            v_made := v_made + 1;
        end if;
        v_month := v_month + interval '1 month';
    end loop;
    return v_made;
end
$$;
comment on function authn.ensure_event_partitions(interval) is
    'makes the monthly partitions of the event log from last month to "ahead" from now; answers how many were missing';
grant execute on function authn.ensure_event_partitions(interval) to authn_operator;
