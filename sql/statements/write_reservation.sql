insert into authn_data.reservations (
    user_id, tenant_id, context_id, authenticator_id, app_id, device_id, ip, user_agent, reserved_at, expires_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9 + $10)
returning attempt_id
