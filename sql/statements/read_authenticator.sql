select a.method::text, a.device_id, a.removed_at is not null, a.deactivated_since, a.deactivated_until
from authn_data.authenticators a
where a.user_id = $1
  and a.authenticator_id = $2
