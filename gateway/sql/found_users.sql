,
-- The users that are listed: those whom a search finds, and of them those of marked.sql where something leads there.
-- Where each is on the list, only as many as the page has and one more, to know whether it goes on.
candidates as materialized (
    select u.user_id, u.display_name, u.status
    from authn.search_users(
        $5::uuid,
        $6::text,
        case when $27::boolean then $14::text end,
        case when $27::boolean then $15::uuid end,
        case when $27::boolean then $16::text end,
        case when $27::boolean then $17::uuid end,
        $18::boolean,
        case when $27::boolean then $19::bigint + 1 end
    ) s
    -- By the key of each: "offset 0" keeps the view from being read whole.
    cross join lateral (
        select u.user_id, u.display_name, u.status
        from authn.users u
        where u.user_id = s.user_id
        offset 0
    ) u
    where $26::text[] is null
       or u.user_id in (select m.user_id from marked m)
)
