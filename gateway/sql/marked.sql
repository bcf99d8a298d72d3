-- The users of whom something is in force that few have: a lock, a deactivation, their suspension.
with marked as not materialized (
    select l.user_id
    from authn.locks l
    where 'lock' = any ($26::text[])
      and l.tenant_id = $5::uuid
      and l.in_force
      and ($21::timestamptz is null or l.locked_since >= $21::timestamptz)
    union
    select d.user_id
    from authn.deactivated_now d
    where ('deactivation' = any ($26::text[]) or 'suspension' = any ($26::text[]) and d.reach = 'user')
      and d.tenant_id = $5::uuid
)
