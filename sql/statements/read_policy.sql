-- The policy that was set for a method ($2) in an app ($3), else for the whole tenant ($1), and the tenant's settings
-- beside it.
select
    p.tier_failures, p.tier_durations, p.failures_expire_after, p.then_permanent, t.hard_cap,
    case when p.app_id is null then 'tenant' else 'app' end, p.version, t.reservation_ttl
from authn_data.tenants t
left join lateral (
    select l.*
    from authn_data.lockout_policies l
    where l.tenant_id = t.tenant_id
      and l.method = $2::authn.method
      and (l.app_id = $3 or l.app_id is null)
      and l.ended_at is null
    order by l.app_id nulls last
    limit 1
) p on true
where t.tenant_id = $1
