-- attemptComplete: $1 user, $2 attempt, $3 succeeded
select json_build_object(
    'outcome', r.outcome,
    'status', r.status,
    'failures', r.failures,
    'locked_until', nullif(r.locked_until, 'infinity'),
    'locked_indefinitely', r.locked_until is not distinct from 'infinity'
)
from authn.complete_attempt($1::uuid, $2::uuid, $3::boolean) r
