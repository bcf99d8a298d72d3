-- Who was locked most in the last 30 days, how often and how long.
select
    u.display_name,
    e.method,
    count(*) as locks,
    max(e.at) as last_locked_at,
    sum(least((e.details ->> 'until')::timestamptz, statement_timestamp()) - e.at) as at_most_locked_for
from authn.events e
join authn.users u on u.tenant_id = e.tenant_id and u.user_id = e.user_id
where e.kind = 'locked'
  and e.at > statement_timestamp() - interval '30 days'
group by u.user_id, u.display_name, e.method
order by locks desc, last_locked_at desc
limit 20;
