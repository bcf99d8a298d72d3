-- When the refusals of a lock or deactivation were last counted: $1 user, $2 domain, $3 its beginning.
select r.counted_at
from authn_data.refusals r
where r.user_id = $1
  and r.context_id = $2
  and r.since = $3
