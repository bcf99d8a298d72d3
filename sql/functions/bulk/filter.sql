-- Which contexts a bulk action is about: a filter that says at least one thing, every word of it understood.

create function authn._bulk_filter(tenant_id uuid, filter jsonb)
returns authn._bulk_filter
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_filter authn._bulk_filter;
    v_key text;
    v_value jsonb;
    v_texts text[];
    v_right text;
begin
    if jsonb_typeof(_bulk_filter.filter) is distinct from 'object' or _bulk_filter.filter = '{}' then
        perform authn._raise(
            'invalid_argument', 'a bulk action needs a filter that says something',
            'Write {"status": "locked"}, or name app, method, device, user, since, registered_since or last_used_before.',
            'filter'
        );
    end if;

    for v_key, v_value in select e.key, e.value from jsonb_each(_bulk_filter.filter) e loop
        v_right := case
            when v_key in ('app', 'device') then 'It is an id, such as "00000000-0000-0000-0000-000000000000".'
            when v_key = 'user' then 'It is the id of a user, or a list of such ids.'
            when v_key = 'method' then 'It is a method, such as "pin", or a list of methods; see authn.methods.'
            when v_key = 'status' then 'It is "registered", "active", "locked" or "deactivated", or a list of them.'
            when v_key in ('since', 'registered_since', 'last_used_before')
                then 'It is an instant, such as "2026-01-31T12:00:00Z".'
        end;
        if v_right is null then
            perform authn._raise(
                'invalid_argument', format('filter has an unknown field "%s"', v_key),
                'It has app, method, status, device, user, since, registered_since and last_used_before.',
                format('filter.%s', v_key)
            );
        end if;
        begin
            v_texts := case jsonb_typeof(v_value)
                when 'string' then array[v_value #>> '{}']
                when 'array' then array(select t.value from jsonb_array_elements_text(v_value) t)
            end;
            if v_texts is null
               or cardinality(v_texts) = 0
               or (jsonb_typeof(v_value) = 'array' and v_key not in ('user', 'method', 'status'))
               or (v_key = 'status' and 'mixed' = any (v_texts))
            then
                raise invalid_text_representation;
            end if;
            case v_key
                when 'app' then v_filter.app_id := v_texts[1];
                when 'device' then v_filter.device_id := v_texts[1];
                when 'user' then v_filter.user_ids := v_texts;
                when 'method' then v_filter.methods := v_texts;
                when 'status' then v_filter.statuses := v_texts;
                when 'since' then v_filter.locked_since := v_texts[1];
                when 'registered_since' then v_filter.registered_since := v_texts[1];
                when 'last_used_before' then v_filter.last_used_before := v_texts[1];
            end case;
        exception
            when data_exception then
                perform authn._raise(
                    'invalid_argument', format('filter.%s is %s', v_key, v_value), v_right, format('filter.%s', v_key)
                );
        end;
    end loop;

    if v_filter.app_id is not null and not exists (
        select
        from authn_data.apps p
        where p.app_id = v_filter.app_id
          and p.tenant_id = _bulk_filter.tenant_id
    ) then
        perform authn._raise(
            'unknown_app', format('there is no app %s', v_filter.app_id), 'Look the app up in authn.apps.', 'filter.app'
        );
    end if;
    return v_filter;
end
$$;
comment on function authn._bulk_filter(uuid, jsonb) is
    'the filter of a bulk action, understood; AU003 for an app that the caller does not see, AU017 for what it cannot mean';

create function authn._required_reason(reason text)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(btrim(authn._reason(_required_reason.reason)), '') = '' then
        perform authn._raise(
            'invalid_argument', 'a bulk action says why', 'Give a reason; it is recorded with every change.', 'reason'
        );
    end if;
    return authn._reason(_required_reason.reason);
end
$$;
comment on function authn._required_reason(text) is 'the reason of an action that needs one; AU017 without';

create function authn._described(tenant_id uuid, wanted authn._bulk_filter, locked boolean, at timestamptz)
returns table (user_id uuid, authenticator_id uuid, context_id uuid, domain_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
-- What the filter leaves out is no condition at all, and what it names finds its index.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_filter authn._bulk_filter := _described.wanted;
    v_locked boolean := _described.locked
        or v_filter.locked_since is not null
        or coalesce(v_filter.statuses = '{locked}', false);
begin
    return query
    with candidates as not materialized (
        -- The rows of the locks that are in force are few, and have their index.
        select distinct l.user_id, l.authenticator_id
        from authn_data.locks l
        where v_locked
          and l.tenant_id = _described.tenant_id
          and l.ended_at is null
          and l.until > _described.at
          and (v_filter.methods is null or l.method = any (v_filter.methods))
          and (v_filter.user_ids is null or l.user_id = any (v_filter.user_ids))
        union all
        select a.user_id, a.authenticator_id
        from authn_data.authenticators a
        where not v_locked
          and a.tenant_id = _described.tenant_id
          and a.removed_at is null
          and (v_filter.methods is null or a.method = any (v_filter.methods))
          and (v_filter.device_id is null or a.device_id = v_filter.device_id)
          and (v_filter.user_ids is null or a.user_id = any (v_filter.user_ids))
    )
    select f.user_id, f.authenticator_id, f.context_id, f.domain_id
    from candidates c
    -- By the key of each: "offset 0" keeps the view from being joined whole, here and wherever it stands.
    cross join lateral (
        select f.*
        from authn_data.standing_facts f
        where f.user_id = c.user_id
          and f.authenticator_id = c.authenticator_id
        offset 0
    ) f
    where (v_filter.app_id is null or f.app_id = v_filter.app_id)
      and (v_filter.device_id is null or f.device_id = v_filter.device_id)
      and (v_filter.registered_since is null or f.registered_at >= v_filter.registered_since)
      and (v_filter.last_used_before is null or coalesce(f.last_success_at, f.registered_at) < v_filter.last_used_before)
      and (v_filter.locked_since is null or f.locked_since >= v_filter.locked_since)
      and (
          v_filter.statuses is null
          or authn.status_rule(_described.at, f.blocked_until, f.locked_until, f.last_success_at) = any (v_filter.statuses)
      )
      and (not v_locked or f.locked_until > _described.at);
end
$$;
comment on function authn._described(uuid, authn._bulk_filter, boolean, timestamptz) is
    'the contexts, and the global authenticators without one, that a filter describes at an instant; only where a lock is in force, if so asked';

create function authn._hold_domains(user_ids uuid[], authenticator_ids uuid[])
returns timestamptz
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz;
begin
    select max(h.latest_at)
    into v_at
    from (
        select c.latest_at
        from unnest(_hold_domains.user_ids, _hold_domains.authenticator_ids) as w (user_id, authenticator_id)
        join authn_data.contexts c on c.user_id = w.user_id and c.authenticator_id = w.authenticator_id
        -- User by user, and of each as an attempt does: the tenant-wide row before the contexts.
        order by c.user_id, c.app_id nulls first, c.context_id
        for no key update of c
    ) h;
    v_at := greatest(authn._clock(), v_at);

    -- What ran out by now happened before whatever the caller is about to do.
    perform authn._expire_reservations(c.user_id, c.context_id, v_at)
    from unnest(_hold_domains.user_ids, _hold_domains.authenticator_ids) as w (user_id, authenticator_id)
    join authn_data.contexts c on c.user_id = w.user_id and c.authenticator_id = w.authenticator_id
    where c.in_flight > 0;
    return v_at;
end
$$;
comment on function authn._hold_domains(uuid[], uuid[]) is
    'authn._lock_domains for authenticators of many users: the instant at which the caller acts on all of them';

create function authn._one_batch_at_a_time(tenant_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform from authn_data.tenants t where t.tenant_id = _one_batch_at_a_time.tenant_id for no key update;
end
$$;
comment on function authn._one_batch_at_a_time(uuid) is
    'waits for the other bulk actions of a tenant: each sees what the one before it left, and no two wait for each other';

create function authn._keep_batch(
    tenant_id uuid,
    batch_id uuid,
    action text,
    at timestamptz,
    reason text,
    filter jsonb default null,
    undoes uuid default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    insert into authn_data.batches (tenant_id, batch_id, action, at, actor, reason, filter, undoes)
    values (
        _keep_batch.tenant_id, _keep_batch.batch_id, _keep_batch.action, _keep_batch.at, authn.current_actor(),
        _keep_batch.reason, _keep_batch.filter, _keep_batch.undoes
    );
end
$$;
comment on function authn._keep_batch(uuid, uuid, text, timestamptz, text, jsonb, uuid) is
    'remembers a bulk action by its id, so that it can be undone';
