-- Which app's policy hurts legitimate users: those who were locked and got in within an hour of the end
-- knew their secret all along.
select
    p.name as app,
    l.method,
    count(*) as locks,
    count(*) filter (where s.at is not null) as soon_followed_by_a_success,
    round(100.0 * count(*) filter (where s.at is not null) / count(*), 1) as percent
from authn.events l
join authn.apps p on p.app_id = l.app_id
left join lateral (
    select e.at
    from authn.events e
    where e.user_id = l.user_id
      and e.authenticator_id = l.authenticator_id
      and e.kind = 'attempt_succeeded'
      and e.at > l.at
      and e.at < (l.details ->> 'until')::timestamptz + interval '1 hour'
    limit 1
) s on true
where l.kind = 'locked'
  and l.at > statement_timestamp() - interval '30 days'
group by p.name, l.method
order by percent desc, locks desc;
