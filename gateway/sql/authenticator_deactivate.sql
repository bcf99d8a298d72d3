-- authenticatorDeactivate: $1 user, $2 authenticator, $3 app (null: everywhere), $4 until, $5 reason
with changed as materialized (
    select * from authn.deactivate_authenticator($1::uuid, $2::uuid, $3::uuid, $4::timestamptz, $5::text)
),
verdict as (
    select 'ALREADY_DEACTIVATED' as code
    from authn.authenticators a
    where $3::uuid is null
      and a.user_id = $1::uuid
      and a.authenticator_id = $2::uuid
      and 'reactivate' = any (a.available_actions)
    union all
    select 'ALREADY_DEACTIVATED'
    from authn.contexts c
    where c.user_id = $1::uuid
      and c.authenticator_id = $2::uuid
      and c.app_id = $3::uuid
      and 'reactivate' = any (c.available_actions)
)
