-- Credential stuffing: one address that fails with many users, a few times each.
select
    host(e.ip) as ip,
    count(*) as failures,
    count(distinct e.user_id) as users,
    round(count(*)::numeric / count(distinct e.user_id), 1) as failures_per_user,
    min(e.at) as first_at,
    max(e.at) as last_at
from authn.events e
where e.kind = 'attempt_failed'
  and e.ip is not null
  and e.at > statement_timestamp() - interval '24 hours'
group by e.ip
having count(distinct e.user_id) >= 10
order by users desc;
