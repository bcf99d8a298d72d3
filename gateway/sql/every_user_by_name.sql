-- The users that are listed: all of the tenant's, while nobody is searched for.
with candidates as not materialized (
    select u.user_id, u.display_name, u.status
    from authn.users u
    where u.tenant_id = $5::uuid
      and $6::text is null
      and not $27::boolean
)
