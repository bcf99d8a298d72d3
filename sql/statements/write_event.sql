insert into authn_data.events (
    user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method,
    status_before, status_after, actor, role, ip, user_agent, request_id, details
)
values (
    $1, $2, $3, $4, $5, $6::authn.event_kind, $7, $8, $9, $10::authn.method,
    $11::authn.status, $12::authn.status, $13, $14, $15, $16, $17,
    coalesce($18, case when $19 is not null then jsonb_build_object('abandoned', $19) end)
)
