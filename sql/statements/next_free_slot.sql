-- When the first of the attempts in flight on a lock domain ($1 user, $2 domain) runs out.
select min(r.expires_at)
from authn_data.reservations r
where r.user_id = $1
  and r.context_id = $2
  and r.ended_at is null
