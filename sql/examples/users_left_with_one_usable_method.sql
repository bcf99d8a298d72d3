-- Who would be shut out by one more lock: users with a single method that lets them in somewhere now.
select
    u.display_name,
    min(c.method::text) as the_only_method,
    count(distinct c.app_id) as apps
from authn.contexts c
join authn.users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
where c.available
  and c.status in ('active', 'registered')
group by u.user_id, u.display_name
having count(distinct c.method) = 1
order by u.display_name;
