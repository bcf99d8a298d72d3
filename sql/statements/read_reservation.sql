select r.tenant_id, r.context_id, r.authenticator_id, r.app_id, r.device_id, r.ip, r.user_agent, r.outcome
from authn_data.reservations r
where r.user_id = $1
  and r.attempt_id = $2
