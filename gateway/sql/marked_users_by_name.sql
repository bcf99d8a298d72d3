,
-- The users that are listed: those of marked.sql, while nobody is searched for.
candidates as not materialized (
    select u.user_id, u.display_name, u.status
    from marked m
    join authn.users u on u.user_id = m.user_id
    where $6::text is null
      and not $27::boolean
)
