-- userSuspend: $1 user, $2 until, $3 reason
with changed as materialized (
    select * from authn.suspend_user($1::uuid, $2::timestamptz, $3::text)
),
verdict as (
    select 'ALREADY_SUSPENDED' as code
    from authn.users u
    where u.user_id = $1::uuid
      and u.suspended_until = coalesce($2::timestamptz, 'infinity')
)
