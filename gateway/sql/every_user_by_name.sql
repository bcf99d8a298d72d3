-- The users that are listed: all of the tenant's, where nothing leads to fewer.
with candidates as not materialized (
    select u.user_id, u.display_name, u.status
    from authn.users u
    where u.tenant_id = $5::uuid
      and $6::text is null
      and $26::text[] is null
      and not $27::boolean
)
