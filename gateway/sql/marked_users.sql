-- The users whose authenticators are listed: those with a lock or a deactivation in force, or the one of $21.
with candidates as not materialized (
    select l.user_id
    from authn.locks l
    where 'lock' = any ($25::text[])
      and l.tenant_id = $5::uuid
      and l.in_force
      and ($21::uuid is null or l.user_id = $21::uuid)
      and ($19::timestamptz is null or l.locked_since >= $19::timestamptz)
    union
    select d.user_id
    from authn.deactivated_now d
    where 'deactivation' = any ($25::text[])
      and d.tenant_id = $5::uuid
      and ($21::uuid is null or d.user_id = $21::uuid)
)
