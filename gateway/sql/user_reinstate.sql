-- userReinstate: $1 user, $2 reason
with changed as materialized (
    select * from authn.reinstate_user($1::uuid, $2::text)
),
verdict as (
    select 'NOT_SUSPENDED' as code
    from authn.users u
    where u.user_id = $1::uuid
      and u.suspended_until is null
)
