-- lockoutPolicies, and what a mutation of a policy answers with: the policies in force. $1 tenant,
-- $2 app (null: tenant-wide), $3 method (null: all that lock). None where the caller sees no such tenant or app.
select coalesce(
    json_agg(
        json_build_object(
            'method', m.method,
            'app', place.app,
            'source', p.source,
            'tiers', (
                select json_agg(
                    json_build_object(
                        'failures', t.tier -> 'failures',
                        'duration_seconds', case
                            when t.tier ? 'duration'
                                then least(ceil(extract(epoch from (t.tier ->> 'duration')::interval)), 2147483647)
                        end
                    )
                    order by t.position
                )
                from jsonb_array_elements(p.tiers) with ordinality as t (tier, position)
            ),
            'failures_expire_after_seconds', case
                when p.failures_expire_after is not null
                    then least(ceil(extract(epoch from p.failures_expire_after)), 2147483647)
            end,
            'then_permanent', p.then_permanent,
            'hard_cap', p.hard_cap,
            'version', nullif(p.version, 0)
        )
        order by m.method
    ),
    '[]'
)
from authn.methods m
cross join (
    select t.tenant_id, null::uuid as app_id, null::json as app
    from authn.tenants t
    where t.tenant_id = $1::uuid
      and $2::uuid is null
    union all
    select a.tenant_id, a.app_id, json_build_object('app_id', a.app_id, 'name', a.name, 'methods', a.methods)
    from authn.apps a
    where a.tenant_id = $1::uuid
      and a.app_id = $2::uuid
) place
cross join lateral authn.effective_lockout_policy(place.tenant_id, m.method, place.app_id) p
where m.lockable
  and ($3::text is null or m.method = $3::text::authn.method)
