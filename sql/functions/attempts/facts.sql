-- The door that every attempt goes through. An attempt that is open reads its facts and locks its domain
-- in one statement; one that is refused only reads. First the row lock, then the clock: nothing here may
-- use now(), for a transaction can begin long before it has the lock.
--
-- authn._closed_door and authn._admit ask for the same rows, and must: what one lets through and the other keeps
-- out would be asked for ever. A view for both could not lock one of its tables.

create function authn._closed_door(user_id uuid, authenticator_id uuid, app_id uuid)
returns authn._attempt_facts
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
    v_tenants uuid[] := authn.visible_tenants();
    v_apps uuid[] := authn.current_apps();
begin
    select
        u.tenant_id,
        a.method,
        a.device_id,
        d.context_id,
        coalesce(m.offered, false),
        case when c.removed_at is null then c.last_success_at end,
        greatest(u.suspended_since, a.deactivated_since, v.deactivated_since, c.deactivated_since),
        greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until),
        d.locked_since,
        d.locked_until,
        d.failures
    into
        v_facts.tenant_id, v_facts.method, v_facts.device_id, v_facts.domain_id, v_facts.available,
        v_facts.last_success_at, v_facts.blocked_since, v_facts.blocked_until, v_facts.locked_since,
        v_facts.locked_until, v_facts.failures
    from authn_data.users u
    join authn_data.apps p on p.app_id = _closed_door.app_id and p.tenant_id = u.tenant_id
    join authn_data.authenticators a on a.user_id = u.user_id
    join authn_data.contexts d on d.user_id = a.user_id and d.authenticator_id = a.authenticator_id
    left join authn_data.contexts c
        on c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and c.app_id = p.app_id
    left join authn_data.app_methods m on m.app_id = p.app_id and m.method = a.method
    left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
    where u.user_id = _closed_door.user_id
      and a.authenticator_id = _closed_door.authenticator_id
      and a.removed_at is null
      and case
          when authn._is_global(a.method) then d.app_id is null
          else d.app_id = p.app_id and d.registered_at is not null and d.removed_at is null
      end
      and u.tenant_id = any (v_tenants)
      and (v_apps is null or p.app_id = any (v_apps));

    v_facts.decision := 'unknown';
    if found then
        v_facts.at := authn._clock();
        v_facts.decision := 'not_available';
        if v_facts.available then
            v_facts.decision := authn.status_rule(
                v_facts.at, v_facts.blocked_until, v_facts.locked_until, v_facts.last_success_at
            );
        end if;
    end if;
    return v_facts;
end
$$;
alter function authn._closed_door(uuid, uuid, uuid) owner to authn_engine;
comment on function authn._closed_door(uuid, uuid, uuid) is
    'why an attempt is not open, read without a lock; decision: unknown, not_available or its status';

create function authn._admit(user_id uuid, authenticator_id uuid, app_id uuid)
returns authn._attempt_facts
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
    v_tenants uuid[] := authn.visible_tenants();
    v_apps uuid[] := authn.current_apps();
    v_at timestamptz;
    v_seen boolean;
    v_held boolean := false;
begin
    loop
        -- A standby refuses as well as anybody, and nothing else.
        if pg_is_in_recovery() then
            v_facts := authn._closed_door(_admit.user_id, _admit.authenticator_id, _admit.app_id);
            if v_facts.decision in ('locked', 'deactivated', 'not_available', 'unknown') then
                return v_facts;
            end if;
        end if;

        -- Of a global authenticator the domain (d) is the tenant-wide row, else the context (c) itself.
        v_at := authn._clock();
        select
            u.tenant_id,
            a.method,
            a.device_id,
            d.context_id,
            d.app_id,
            c.context_id,
            c.registered_at is not null and c.removed_at is null,
            u.activated_at is not null,
            case when c.removed_at is null then c.last_success_at end,
            d.locked_since,
            d.locked_until,
            d.failures,
            d.failures_since_success,
            d.tier,
            d.in_flight,
            d.last_failure_at,
            d.latest_at,
            d.event_number,
            authn._was_seen(d.xmin)
        into
            v_facts.tenant_id, v_facts.method, v_facts.device_id, v_facts.domain_id, v_facts.domain_app_id,
            v_facts.context_id, v_facts.has_context, v_facts.activated, v_facts.last_success_at,
            v_facts.locked_since, v_facts.locked_until, v_facts.failures, v_facts.failures_since_success,
            v_facts.tier, v_facts.in_flight, v_facts.last_failure_at, v_facts.latest_at,
            v_facts.event_number, v_seen
        from authn_data.users u
        join authn_data.authenticators a on a.user_id = u.user_id
        join authn_data.contexts d on d.user_id = a.user_id and d.authenticator_id = a.authenticator_id
        join authn_data.app_methods m on m.app_id = _admit.app_id and m.method = a.method and m.tenant_id = u.tenant_id
        left join authn_data.contexts c
            on c.user_id = a.user_id and c.authenticator_id = a.authenticator_id and c.app_id = _admit.app_id
        left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
        where u.user_id = _admit.user_id
          and a.authenticator_id = _admit.authenticator_id
          and a.removed_at is null
          and m.offered
          and case
              when authn._is_global(a.method) then d.app_id is null
              else d.app_id = _admit.app_id and d.registered_at is not null and d.removed_at is null
          end
          and authn.status_rule(
              v_at,
              greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until),
              d.locked_until,
              null
          ) = 'registered'
          and u.tenant_id = any (v_tenants)
          and (v_apps is null or _admit.app_id = any (v_apps))
        for no key update of d;

        if not found then
            v_facts := authn._closed_door(_admit.user_id, _admit.authenticator_id, _admit.app_id);
            if v_facts.decision in ('locked', 'deactivated', 'not_available', 'unknown') then
                return v_facts;
            end if;
        elsif v_seen or v_held then
            v_facts.at := greatest(authn._clock(), v_facts.latest_at);
            v_facts.available := true;
            if v_facts.in_flight = 0
               or not authn._expire_reservations(_admit.user_id, v_facts.domain_id, v_facts.at)
            then
                v_facts.decision := 'open';
                return v_facts;
            end if;
        else
            -- The lock was waited for, and what was read beside the row that it gave may be older than
            -- that row (whoever changes any of it writes this row too). Under the lock it stays true.
            v_held := true;
        end if;
    end loop;
end
$$;
alter function authn._admit(uuid, uuid, uuid) owner to authn_engine;
comment on function authn._admit(uuid, uuid, uuid) is
    'decides whether an attempt is open, and holds its lock domain if it is';
