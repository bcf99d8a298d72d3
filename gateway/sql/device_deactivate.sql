-- deviceDeactivate: $1 user, $2 device, $3 until, $4 reason
with changed as materialized (
    select * from authn.deactivate_device($1::uuid, $2::uuid, $3::timestamptz, $4::text)
),
verdict as (
    select 'ALREADY_DEACTIVATED' as code
    from authn.devices d
    where d.user_id = $1::uuid
      and d.device_id = $2::uuid
      and d.deactivated_until = coalesce($3::timestamptz, 'infinity')
)
