-- The users whose authenticators are listed: all of the tenant's, or the one of $21.
with candidates as not materialized (
    select u.user_id
    from authn.users u
    where u.tenant_id = $5::uuid
      and ($21::uuid is null or u.user_id = $21::uuid)
      and $25::text[] is null
)
