-- authenticatorUnlock: $1 user, $2 authenticator, $3 app, $4 reason, $5 cause
with changed as materialized (
    select * from authn.unlock_authenticator($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text::authn.unlock_cause)
),
verdict as (
    select 'METHOD_NOT_LOCKABLE' as code
    from authn.authenticators a
    join authn.methods m on m.method = a.method
    where a.user_id = $1::uuid
      and a.authenticator_id = $2::uuid
      and not m.lockable
      and $5::text = 'automatic'
)
