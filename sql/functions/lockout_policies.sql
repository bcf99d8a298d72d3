-- Which policy applies: the app's, else the tenant's, else the built-in default.

alter function authn._policy(uuid, authn.method, uuid) owner to authn_engine;
comment on function authn._policy(uuid, authn.method, uuid) is 'the policy in force for a method in an app; one that cannot lock has no tiers';
grant execute on function authn._policy(uuid, authn.method, uuid) to authn_owner;

create function authn._tiers_as_json(tier_failures integer[], tier_durations interval[])
returns jsonb
language sql
stable
parallel safe
begin atomic
    select jsonb_agg(
        case
            when t.duration is null then jsonb_build_object('failures', t.failures)
            else jsonb_build_object('failures', t.failures, 'duration', t.duration)
        end
        order by t.position
    )
    from unnest(tier_failures, tier_durations) with ordinality as t (failures, duration, position);
end;
comment on function authn._tiers_as_json(integer[], interval[]) is 'tiers as authn.set_lockout_policy takes them';

create function authn.effective_lockout_policy(tenant_id uuid, method authn.method, app_id uuid default null)
returns table (
    tiers jsonb,
    failures_expire_after interval,
    then_permanent boolean,
    hard_cap integer,
    source text,
    version integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
rows 1
as $$
#variable_conflict use_column
begin
    perform authn._require_tenant(effective_lockout_policy.tenant_id);
    perform authn._require_lockable(effective_lockout_policy.method);
    if effective_lockout_policy.app_id is not null then
        perform authn._tenant_of_app(effective_lockout_policy.app_id, effective_lockout_policy.tenant_id);
    end if;

    return query
    select
        authn._tiers_as_json(p.tier_failures, p.tier_durations),
        p.failures_expire_after, p.then_permanent, p.hard_cap, p.source, p.version
    from authn._policy(
        effective_lockout_policy.tenant_id, effective_lockout_policy.method, effective_lockout_policy.app_id
    ) p;
end
$$;
comment on function authn.effective_lockout_policy(uuid, authn.method, uuid) is
    'the policy that holds for a method (in an app): tiers, window, hard cap, its source (app, tenant or default) and version (0: default); AU003, AU007, AU012';
grant execute on function authn.effective_lockout_policy(uuid, authn.method, uuid) to authn_reader;

create function authn._require_lockable(method authn.method)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if authn.method_lockable(_require_lockable.method) is not true then
        perform authn._raise(
            'method_not_lockable',
            format('failures never lock %s', coalesce(_require_lockable.method::text, '(null)')),
            'See authn.methods for those that lock.',
            'method'
        );
    end if;
end
$$;
comment on function authn._require_lockable(authn.method) is 'AU007 for a method that cannot lock';

create function authn._parse_tiers(tiers jsonb, out tier_failures integer[], out tier_durations interval[])
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tier jsonb;
    v_position integer := 0;
    v_key text;
begin
    if jsonb_typeof(_parse_tiers.tiers) is distinct from 'array' then
        perform authn._raise(
            'policy_invalid', 'tiers is not a list',
            'Write [{"failures": 5, "duration": "15 minutes"}].', 'tiers'
        );
    end if;

    tier_failures := '{}';
    tier_durations := '{}';
    for v_tier in select t.value from jsonb_array_elements(_parse_tiers.tiers) t loop
        if jsonb_typeof(v_tier) <> 'object' then
            perform authn._raise(
                'policy_invalid', format('tiers[%s] is not an object', v_position),
                'Write {"failures": 5, "duration": "15 minutes"}.', format('tiers[%s]', v_position)
            );
        end if;
        for v_key in select k.key from jsonb_object_keys(v_tier) as k (key) where k.key not in ('failures', 'duration') loop
            perform authn._raise(
                'policy_invalid', format('tiers[%s] has an unknown field "%s"', v_position, v_key),
                'A tier has "failures" and, unless it lasts until an admin unlocks, "duration".',
                format('tiers[%s]', v_position)
            );
        end loop;
        begin
            if jsonb_typeof(v_tier -> 'failures') is distinct from 'number' then
                raise invalid_text_representation;
            end if;
            tier_failures := tier_failures || (v_tier ->> 'failures')::integer;
        exception
            when data_exception then
                perform authn._raise(
                    'policy_invalid',
                    format('tiers[%s].failures is %s', v_position, coalesce(v_tier ->> 'failures', 'missing')),
                    'It is a whole number from 1.', format('tiers[%s].failures', v_position)
                );
        end;
        begin
            if jsonb_typeof(coalesce(v_tier -> 'duration', 'null')) not in ('string', 'null') then
                raise invalid_text_representation;
            end if;
            tier_durations := array_append(tier_durations, (v_tier ->> 'duration')::interval);
        exception
            when data_exception then
                perform authn._raise(
                    'policy_invalid', format('tiers[%s].duration is %s', v_position, v_tier -> 'duration'),
                    'It is an interval such as "15 minutes", or absent: until an admin unlocks.',
                    format('tiers[%s].duration', v_position)
                );
        end;
        v_position := v_position + 1;
    end loop;
end
$$;
comment on function authn._parse_tiers(jsonb) is 'tiers as the rules take them; AU008 for what is not even a list of tiers';

create function authn._accepted_tiers(
    tenant_id uuid,
    method authn.method,
    app_id uuid,
    tiers jsonb,
    failures_expire_after interval,
    then_permanent boolean,
    out tier_failures integer[],
    out tier_durations interval[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_problem record;
begin
    select p.tier_failures, p.tier_durations
    into tier_failures, tier_durations
    from authn._parse_tiers(_accepted_tiers.tiers) p;
    select p.condition, p.argument, p.message, p.hint
    into v_problem
    from authn_data.tenants t,
        authn._policy_problem(
            _accepted_tiers.method::text, _accepted_tiers.app_id is not null,
            _accepted_tiers.tier_failures, _accepted_tiers.tier_durations,
            _accepted_tiers.failures_expire_after, coalesce(_accepted_tiers.then_permanent, false), t.hard_cap
        ) p
    where t.tenant_id = _accepted_tiers.tenant_id;
    if found then
        perform authn._raise(v_problem.condition, v_problem.message, v_problem.hint, v_problem.argument);
    end if;
end
$$;
comment on function authn._accepted_tiers(uuid, authn.method, uuid, jsonb, interval, boolean) is
    'the tiers of a policy that somebody asks for, as the rules take them; AU008, AU009 for one that cannot work';

create function authn.set_lockout_policy(
    tenant_id uuid,
    method authn.method,
    tiers jsonb,
    failures_expire_after interval default null,
    then_permanent boolean default false,
    app_id uuid default null,
    reason text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tier_failures integer[];
    v_tier_durations interval[];
    v_at timestamptz;
    v_version integer;
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(set_lockout_policy.tenant_id);
    perform authn._require_lockable(set_lockout_policy.method);
    if set_lockout_policy.app_id is not null then
        perform authn._tenant_of_app(set_lockout_policy.app_id, set_lockout_policy.tenant_id);
    end if;

    -- One change at a time per tenant: the next version follows the last one.
    perform from authn_data.tenants t where t.tenant_id = set_lockout_policy.tenant_id for no key update;
    v_at := authn._clock();

    select p.tier_failures, p.tier_durations
    into v_tier_failures, v_tier_durations
    from authn._accepted_tiers(
        set_lockout_policy.tenant_id, set_lockout_policy.method, set_lockout_policy.app_id, set_lockout_policy.tiers,
        set_lockout_policy.failures_expire_after, set_lockout_policy.then_permanent
    ) p;

    update authn_data.lockout_policies p
    set ended_at = v_at
    where p.tenant_id = set_lockout_policy.tenant_id
      and p.method = set_lockout_policy.method
      and p.app_id is not distinct from set_lockout_policy.app_id
      and p.ended_at is null;

    select coalesce(max(p.version), 0) + 1
    into v_version
    from authn_data.lockout_policies p
    where p.tenant_id = set_lockout_policy.tenant_id
      and p.method = set_lockout_policy.method
      and p.app_id is not distinct from set_lockout_policy.app_id;

    insert into authn_data.lockout_policies (
        tenant_id, method, app_id, version, tier_failures, tier_durations, failures_expire_after, then_permanent,
        set_at, set_by, reason
    )
    values (
        set_lockout_policy.tenant_id, set_lockout_policy.method, set_lockout_policy.app_id, v_version,
        v_tier_failures, v_tier_durations,
        set_lockout_policy.failures_expire_after, coalesce(set_lockout_policy.then_permanent, false),
        v_at, authn.current_actor(), authn._reason(set_lockout_policy.reason)
    );

    perform authn._record_tenant_event(
        set_lockout_policy.tenant_id, 'policy_changed', v_at, set_lockout_policy.app_id, set_lockout_policy.method,
        set_lockout_policy.reason,
        jsonb_build_object(
            'version', v_version,
            'tiers', authn._tiers_as_json(v_tier_failures, v_tier_durations),
            'failures_expire_after', set_lockout_policy.failures_expire_after,
            'then_permanent', coalesce(set_lockout_policy.then_permanent, false)
        )
    );
end
$$;
comment on function authn.set_lockout_policy(uuid, authn.method, jsonb, interval, boolean, uuid, text) is
    'sets the policy of a method for the tenant, or for one app, as a new version; a lock that is running stays as it is; AU003, AU007, AU008, AU009, AU012';
grant execute on function authn.set_lockout_policy(uuid, authn.method, jsonb, interval, boolean, uuid, text)
    to authn_admin, authn_operator;

create function authn.unset_lockout_policy(
    tenant_id uuid,
    method authn.method,
    app_id uuid default null,
    reason text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz;
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(unset_lockout_policy.tenant_id);
    perform authn._require_lockable(unset_lockout_policy.method);
    if unset_lockout_policy.app_id is not null then
        perform authn._tenant_of_app(unset_lockout_policy.app_id, unset_lockout_policy.tenant_id);
    end if;
    perform from authn_data.tenants t where t.tenant_id = unset_lockout_policy.tenant_id for no key update;
    v_at := authn._clock();

    update authn_data.lockout_policies p
    set ended_at = v_at
    where p.tenant_id = unset_lockout_policy.tenant_id
      and p.method = unset_lockout_policy.method
      and p.app_id is not distinct from unset_lockout_policy.app_id
      and p.ended_at is null;
    if found then
        perform authn._record_tenant_event(
            unset_lockout_policy.tenant_id, 'policy_changed', v_at, unset_lockout_policy.app_id,
            unset_lockout_policy.method, unset_lockout_policy.reason, jsonb_build_object('unset', true)
        );
    end if;
end
$$;
comment on function authn.unset_lockout_policy(uuid, authn.method, uuid, text) is
    'takes the policy of a method back, for the tenant or for one app: what is less specific holds again; AU003, AU007, AU012';
grant execute on function authn.unset_lockout_policy(uuid, authn.method, uuid, text) to authn_admin, authn_operator;
