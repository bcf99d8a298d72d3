-- Whether an app ($1) is of a tenant ($2).
select
from authn_data.apps p
where p.app_id = $1
  and p.tenant_id = $2
