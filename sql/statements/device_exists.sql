-- Whether a device ($2) is of a user ($1).
select
from authn_data.devices v
where v.user_id = $1
  and v.device_id = $2
