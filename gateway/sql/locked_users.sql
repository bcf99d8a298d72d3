-- The users whose authenticators are listed: those with a lock in force, or the one of $21.
with candidates as not materialized (
    select distinct l.user_id
    from authn.locks l
    where l.tenant_id = $5::uuid
      and l.in_force
      and ($21::uuid is null or l.user_id = $21::uuid)
      and ($19::timestamptz is null or l.locked_since >= $19::timestamptz)
)
