-- What an action found and left: the status of each context it may touch, by the one rule.

create function authn._statuses(user_id uuid, authenticator_ids uuid[], app_id uuid, at timestamptz)
returns authn.context_change[]
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return array(
        select row(
            f.user_id, f.authenticator_id, f.app_id, f.device_id, f.method,
            authn.status_rule(_statuses.at, f.blocked_until, f.locked_until, f.last_success_at), null
        )::authn.context_change
        from authn_data.context_facts f
        where f.user_id = _statuses.user_id
          and f.authenticator_id = any (_statuses.authenticator_ids)
          and (_statuses.app_id is null or f.app_id = _statuses.app_id)
        union all
        -- A global authenticator without a context has a status of its own.
        select row(
            a.user_id, a.authenticator_id, null, null, a.method,
            authn.status_rule(_statuses.at, greatest(u.suspended_until, a.deactivated_until), w.locked_until, null), null
        )::authn.context_change
        from authn_data.authenticators a
        join authn_data.users u on u.user_id = a.user_id
        join authn_data.contexts w
            on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
        where a.user_id = _statuses.user_id
          and a.authenticator_id = any (_statuses.authenticator_ids)
          and a.removed_at is null
          and _statuses.app_id is null
          and not exists (
              select
              from authn_data.contexts c
              where c.user_id = a.user_id
                and c.authenticator_id = a.authenticator_id
                and c.app_id is not null
                and c.registered_at is not null
                and c.removed_at is null
          )
    );
end
$$;
comment on function authn._statuses(uuid, uuid[], uuid, timestamptz) is
    'the contexts of these authenticators (in one app, or all) with their status at an instant as status_before';

create function authn._changes(before authn.context_change[], user_id uuid, at timestamptz)
returns setof authn.context_change
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select b.user_id, b.authenticator_id, b.app_id, b.device_id, b.method, b.status_before, n.status_before
    from unnest(_changes.before) b
    join unnest(authn._statuses(
        _changes.user_id, array(select distinct x.authenticator_id from unnest(_changes.before) x), null, _changes.at
    )) n
        on n.authenticator_id = b.authenticator_id and n.app_id is not distinct from b.app_id
    order by b.method, b.authenticator_id, b.app_id;
end
$$;
comment on function authn._changes(authn.context_change[], uuid, timestamptz) is
    'the contexts that were noted before an action, with the status that they have after it';

create function authn._overall_before(changes authn.context_change[])
returns authn.status
language sql
immutable
parallel safe
begin atomic
    select authn.overall_status(b.status_before) from unnest(changes) b;
end;
comment on function authn._overall_before(authn.context_change[]) is 'the roll-up of the statuses before';

create function authn._lock_domains(user_id uuid, authenticator_ids uuid[])
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- As attempts lock: the tenant-wide row of a global authenticator before its contexts.
    perform
    from authn_data.contexts c
    where c.user_id = _lock_domains.user_id
      and c.authenticator_id = any (_lock_domains.authenticator_ids)
    order by c.app_id is not null, c.context_id
    for no key update;
end
$$;
comment on function authn._lock_domains(uuid, uuid[]) is
    'waits for the attempts in flight on these authenticators and holds back later ones until the end of the transaction; always in the same order';

create function authn._void_attempts_in_flight(user_id uuid, authenticator_ids uuid[])
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update authn_data.contexts c
    set epoch = c.epoch + 1
    where c.user_id = _void_attempts_in_flight.user_id
      and c.authenticator_id = any (_void_attempts_in_flight.authenticator_ids);
end
$$;
comment on function authn._void_attempts_in_flight(uuid, uuid[]) is
    'tells attempts that read before and lock after that what they read has changed';
