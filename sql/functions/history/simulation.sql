-- What-if: recorded and imported attempts, replayed under another policy by the rules that enforce.

create aggregate authn._replay(
    at timestamptz,
    succeeded boolean,
    tier_failures integer[],
    tier_durations interval[],
    failures_expire_after interval,
    then_permanent boolean,
    hard_cap integer,
    seen_from timestamptz
) (
    sfunc = authn._replay_step,
    stype = internal,
    finalfunc = authn._replay_result,
    parallel = safe
);
comment on aggregate authn._replay(timestamptz, boolean, integer[], interval[], interval, boolean, integer, timestamptz) is
    'what a policy makes of the attempts of one lock domain, which come in the order in which they happened; succeeded is null for an unlock';
comment on function authn._replay_step(
    internal, timestamptz, boolean, integer[], interval[], interval, boolean, integer, timestamptz
) is 'one attempt or unlock of authn._replay';
comment on function authn._replay_result(internal) is 'what authn._replay counted';

-- The attempts come sorted from a subquery, and hashing could lose their order. A sort goes to disk
-- where it is large, so that memory grows with neither attempts nor users.
create function authn.simulate_lockout_policy(
    tenant_id uuid,
    method authn.method,
    tiers jsonb,
    failures_expire_after interval default null,
    then_permanent boolean default false,
    app_id uuid default null,
    since timestamptz default null
)
returns setof authn.simulated_lockout
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set enable_hashagg = off
as $$
#variable_conflict use_column
declare
    v_now timestamptz := authn._statement_clock();
    v_since timestamptz := coalesce(simulate_lockout_policy.since, '-infinity');
    v_global boolean := authn.method_scope(simulate_lockout_policy.method) = 'global_user';
    v_tier_failures integer[];
    v_tier_durations interval[];
    v_hard_cap integer;
begin
    perform authn._require_tenant(simulate_lockout_policy.tenant_id);
    perform authn._require_lockable(simulate_lockout_policy.method);
    if simulate_lockout_policy.app_id is null then
        perform authn._require_unrestricted();
    else
        perform authn._tenant_of_app(simulate_lockout_policy.app_id, simulate_lockout_policy.tenant_id);
    end if;
    select p.tier_failures, p.tier_durations
    into v_tier_failures, v_tier_durations
    from authn._accepted_tiers(
        simulate_lockout_policy.tenant_id, simulate_lockout_policy.method, simulate_lockout_policy.app_id,
        simulate_lockout_policy.tiers, simulate_lockout_policy.failures_expire_after,
        simulate_lockout_policy.then_permanent
    ) p;
    select t.hard_cap
    into strict v_hard_cap
    from authn_data.tenants t
    where t.tenant_id = simulate_lockout_policy.tenant_id;

    return query
    select
        s.user_id, s.authenticator_id, s.app_id,
        (s.replayed).attempts, (s.replayed).locks, (s.replayed).locked_for, (s.replayed).refused,
        (s.replayed).refused_successes, (s.replayed).locked_until is not null, (s.replayed).locked_until
    from (
        select
            r.user_id, r.authenticator_id, r.app_id,
            authn._replay(
                r.at, r.succeeded, v_tier_failures, v_tier_durations, simulate_lockout_policy.failures_expire_after,
                coalesce(simulate_lockout_policy.then_permanent, false), v_hard_cap, v_now
            ) as replayed
        from (
            select
                e.user_id, e.authenticator_id, case when not v_global then e.app_id end as app_id, e.at,
                case e.kind when 'attempt_succeeded' then true when 'attempt_failed' then false end as succeeded,
                e.number, null as external_id
            from authn_data.events e
            where e.tenant_id = simulate_lockout_policy.tenant_id
              and e.method = simulate_lockout_policy.method
              and e.kind in ('attempt_succeeded', 'attempt_failed', 'unlocked')
              and e.at >= v_since
              and (simulate_lockout_policy.app_id is null or e.app_id = simulate_lockout_policy.app_id)
            union all
            select
                i.user_id, i.authenticator_id, case when not v_global then i.app_id end, i.at,
                i.succeeded, null, i.external_id
            from authn_data.imported_attempts i
            where i.tenant_id = simulate_lockout_policy.tenant_id
              and i.method = simulate_lockout_policy.method
              and i.at >= v_since
              and (simulate_lockout_policy.app_id is null or i.app_id = simulate_lockout_policy.app_id)
            -- Within one instant a domain counts its own events; of imported ones the names are in order.
            order by user_id, authenticator_id, app_id, at, number, external_id
        ) r
        group by r.user_id, r.authenticator_id, r.app_id
    ) s
    where (s.replayed).attempts > 0;
end
$$;
comment on function authn.simulate_lockout_policy(uuid, authn.method, jsonb, interval, boolean, uuid, timestamptz) is
    'what a policy would have made of the recorded and imported attempts of a tenant (in one app, or in all as if none had a policy of its own), from an instant on with fresh counters; a row for each lock domain that was tried; unlocks are replayed as they happened, refused attempts, whose secret nobody knows, are not; AU003, AU007, AU008, AU009, AU010, AU012';
grant execute on function authn.simulate_lockout_policy(uuid, authn.method, jsonb, interval, boolean, uuid, timestamptz)
    to authn_reader;

create function authn.summarize_lockout_simulation(
    tenant_id uuid,
    method authn.method,
    tiers jsonb,
    failures_expire_after interval default null,
    then_permanent boolean default false,
    app_id uuid default null,
    since timestamptz default null
)
returns authn.simulation_summary
language sql
stable
begin atomic
    select row(
        count(distinct s.user_id), count(distinct s.authenticator_id), coalesce(sum(s.attempts), 0)::bigint,
        coalesce(sum(s.locks), 0)::bigint, coalesce(sum(s.locked_for), interval '0'),
        coalesce(sum(s.refused), 0)::bigint, coalesce(sum(s.refused_successes), 0)::bigint,
        count(distinct s.user_id) filter (where s.locks > 0),
        count(distinct s.user_id) filter (where s.refused_successes > 0),
        count(*) filter (where s.would_be_locked_now)
    )::authn.simulation_summary
    from authn.simulate_lockout_policy(
        tenant_id, method, tiers, failures_expire_after, then_permanent, app_id, since
    ) s;
end;
comment on function authn.summarize_lockout_simulation(uuid, authn.method, jsonb, interval, boolean, uuid, timestamptz) is
    'authn.simulate_lockout_policy in one row';
grant execute on function authn.summarize_lockout_simulation(uuid, authn.method, jsonb, interval, boolean, uuid, timestamptz)
    to authn_reader;
