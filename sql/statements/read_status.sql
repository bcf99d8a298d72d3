-- The status of a context at an instant ($4; null: now), from the latest end among suspension and deactivations ($1),
-- the end of a lock ($2) and the latest success ($3).
select f.at, authn.status_rule(f.at, $1, $2, $3)::text
from (select coalesce($4, authn._clock()) as at) f
