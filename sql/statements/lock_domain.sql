-- Holds a lock domain ($1 user, $2 domain), and answers which version of its row that is.
select d.xmin
from authn_data.contexts d
where d.user_id = $1
  and d.context_id = $2
for no key update
