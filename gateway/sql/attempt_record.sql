-- attemptRecord: $1 user, $2 authenticator, $3 app, $4 succeeded, $5 device, $6 ip, $7 user agent
select json_build_object(
    'outcome', r.outcome,
    'status', r.status,
    'failures', r.failures,
    'locked_until', nullif(r.locked_until, 'infinity'),
    'locked_indefinitely', r.locked_until is not distinct from 'infinity'
)
from authn.record_attempt($1::uuid, $2::uuid, $3::uuid, $4::boolean, $5::uuid, $6::text::inet, $7::text) r
