-- authenticatorsUnlock: $1 user, $2 method, $3 app, $4 reason, $5 cause
with changed as materialized (
    select * from authn.unlock($1::uuid, $2::text::authn.method, $3::uuid, $4::text, $5::text::authn.unlock_cause)
),
verdict as (
    select 'METHOD_NOT_LOCKABLE' as code
    from authn.methods m
    where m.method = $2::text::authn.method
      and not m.lockable
      and $5::text = 'automatic'
)
