-- Whether an app ($1) offers a method ($2), and whose app it is; no row where it was never given the method.
select m.tenant_id, m.offered
from authn_data.app_methods m
where m.app_id = $1
  and m.method = $2::authn.method
