,
-- authenticators: a page of the tenant's authenticators, by user, after every_user.sql or marked_users.sql.
-- $1 to $4: see user_documents.sql; $5 tenant, $6 status, $7 context status, $8 method, $9 app, $10 device,
-- $11 and $12 after, $13 and $14 before, $15 backward, $16 limit, $17 total,
-- $18 whether the users' other authenticators are selected too, $19 locked since, $20 last used before,
-- $21 user, $22 and $23 registered between, $24 search,
-- $25 what leads to them (`lock`, `deactivation`)
-- User by user, so that a page reads the users on it. Nobody's authenticators are rolled up before their turn.
matching as not materialized (
    select c.user_id, a.authenticator_id
    from candidates c
    cross join lateral (
        select a.authenticator_id
        from authn.authenticators a
        where a.user_id = c.user_id
          and ($6::text[] is null or a.status = any ($6::text[]::authn.status[]))
          and ($8::text[] is null or a.method = any ($8::text[]::authn.method[]))
          and ($10::uuid is null or a.device_id = $10::uuid)
          and ($20::timestamptz is null or coalesce(a.last_success_at, a.registered_at) < $20::timestamptz)
          and ($22::timestamptz is null or a.registered_at >= $22::timestamptz)
          and ($23::timestamptz is null or a.registered_at < $23::timestamptz)
          and (
              $24::text is null
              or strpos(lower(a.name), $24::text) > 0
              or strpos(lower(a.identifier), $24::text) > 0
              or a.authenticator_id::text = $24::text
              or a.user_id::text = $24::text
              or exists (
                  select
                  from authn.users u
                  where u.user_id = a.user_id
                    and strpos(lower(u.display_name), $24::text) > 0
              )
          )
          and (
              ($7::text[] is null and $9::uuid is null and $19::timestamptz is null)
              or exists (
                  select
                  from authn.standings x
                  where x.user_id = a.user_id
                    and x.authenticator_id = a.authenticator_id
                    and ($7::text[] is null or x.status = any ($7::text[]::authn.status[]))
                    and ($9::uuid is null or x.app_id = $9::uuid)
                    and ($19::timestamptz is null or x.locked_since >= $19::timestamptz)
              )
          )
        offset 0
    ) a
),
-- One of the next two is empty. Each reads one more than the page, to know whether the list goes on.
forwards as (
    select c.user_id, m.authenticator_id, row_number() over (order by c.user_id, m.authenticator_id) as position
    from (
        select c.user_id
        from candidates c
        where not $15::boolean
          and ($11::uuid is null or c.user_id >= $11::uuid)
          and ($13::uuid is null or c.user_id <= $13::uuid)
        order by c.user_id
        offset 0
    ) c
    cross join lateral (
        select m.authenticator_id
        from matching m
        where m.user_id = c.user_id
        offset 0
    ) m
    where ($11::uuid is null or (c.user_id, m.authenticator_id) > ($11::uuid, $12::uuid))
      and ($13::uuid is null or (c.user_id, m.authenticator_id) < ($13::uuid, $14::uuid))
    order by c.user_id, m.authenticator_id
    limit $16::bigint + 1
),
backwards as (
    select c.user_id, m.authenticator_id, row_number() over (order by c.user_id desc, m.authenticator_id desc) as position
    from (
        select c.user_id
        from candidates c
        where $15::boolean
          and ($11::uuid is null or c.user_id >= $11::uuid)
          and ($13::uuid is null or c.user_id <= $13::uuid)
        order by c.user_id desc
        offset 0
    ) c
    cross join lateral (
        select m.authenticator_id
        from matching m
        where m.user_id = c.user_id
        offset 0
    ) m
    where ($11::uuid is null or (c.user_id, m.authenticator_id) > ($11::uuid, $12::uuid))
      and ($13::uuid is null or (c.user_id, m.authenticator_id) < ($13::uuid, $14::uuid))
    order by c.user_id desc, m.authenticator_id desc
    limit $16::bigint + 1
),
found as (
    select * from forwards
    union all
    select * from backwards
),
page as (
    select json_build_object(
        'keys', coalesce(
            (
                select json_agg(json_build_array(f.user_id, f.authenticator_id) order by f.user_id, f.authenticator_id)
                from found f
                where f.position <= $16::bigint
            ),
            '[]'
        ),
        'more', exists (select from found f where f.position > $16::bigint),
        'total', case when $17::boolean then (select count(*) from matching) end
    ) as document
),
wanted as (
    select f.user_id, case when not $18::boolean then array_agg(f.authenticator_id) end as authenticator_ids
    from found f
    where f.position <= $16::bigint
    group by f.user_id
)
