-- deviceReactivate: $1 user, $2 device, $3 reason
with changed as materialized (
    select * from authn.reactivate_device($1::uuid, $2::uuid, $3::text)
),
verdict as (
    select 'NOT_DEACTIVATED' as code
    from authn.devices d
    where d.user_id = $1::uuid
      and d.device_id = $2::uuid
      and d.deactivated_until is null
)
