-- The first attempt that a lock or deactivation refuses.
insert into authn_data.refusals (
    user_id, context_id, since, tenant_id, authenticator_id, app_id, device_id, method, status, first_at,
    actor, role, ip, user_agent, request_id, counted_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8::authn.method, $9::authn.status, $10, $11, $12, $13, $14, $15, $10)
on conflict on constraint refusals_pkey do nothing
