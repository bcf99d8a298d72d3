select v.deactivated_since, v.deactivated_until
from authn_data.devices v
where v.user_id = $1
  and v.device_id = $2
