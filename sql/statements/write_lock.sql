insert into authn_data.locks (
    user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, policy_version,
    cause, tier, failures, since, until
)
values ($1, $2, $3, $4, $5, $6, $7::authn.method, $8, $9, $10, $11, $12, $13, $14)
