-- attemptBegin: $1 user, $2 authenticator, $3 app, $4 device, $5 ip, $6 user agent
select json_build_object(
    'decision', b.decision,
    'attempt_id', b.attempt_id,
    'retry_at', nullif(b.retry_at, 'infinity')
)
from authn.begin_attempt($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text::inet, $6::text) b
