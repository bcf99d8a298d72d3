-- The reservations of a lock domain ($1 user, $2 domain) that ran out by an instant ($3), in the order in which they did.
select r.attempt_id, r.authenticator_id, r.app_id, r.device_id, r.ip, r.user_agent, r.expires_at
from authn_data.reservations r
where r.user_id = $1
  and r.context_id = $2
  and r.ended_at is null
  and r.expires_at <= $3
order by r.expires_at, r.reserved_at, r.attempt_id
