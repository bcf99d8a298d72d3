,
-- users: a page of the tenant's users by name, after every_user_by_name.sql, found_users.sql or
-- marked_users_by_name.sql.
-- $1 to $4: see user_documents.sql; $5 tenant, $6 search, $7 status,
-- $8 whether an authenticator is described, $9 status, $10 context status, $11 method, $12 app, $13 device,
-- $14 and $15 after, $16 and $17 before, $18 backward, $19 limit, $20 total,
-- of the authenticator $21 locked since, $22 last used before, $23 and $24 registered between, $25 search,
-- $26 what leads to it (`lock`, `deactivation`, `suspension`), $27 whether the page is all that is wanted of whom a search finds
matching as not materialized (
    select u.user_id, coalesce(u.display_name, '') as name
    from candidates u
    where ($7::text is null or u.status = $7::text::authn.user_status)
      and (
          not $8::boolean
          or exists (
              select
              from authn.authenticators a
              where a.user_id = u.user_id
                and ($22::timestamptz is null or coalesce(a.last_success_at, a.registered_at) < $22::timestamptz)
                and ($23::timestamptz is null or a.registered_at >= $23::timestamptz)
                and ($24::timestamptz is null or a.registered_at < $24::timestamptz)
                and (
                    $25::text is null
                    or strpos(lower(a.name), $25::text) > 0
                    or strpos(lower(a.identifier), $25::text) > 0
                    or strpos(lower(u.display_name), $25::text) > 0
                    or $25::text in (a.authenticator_id::text, a.user_id::text)
                )
                and ($9::text[] is null or a.status = any ($9::text[]::authn.status[]))
                and ($11::text[] is null or a.method = any ($11::text[]::authn.method[]))
                and ($13::uuid is null or a.device_id = $13::uuid)
                and (
                    ($10::text[] is null and $12::uuid is null and $21::timestamptz is null)
                    or exists (
                        select
                        from authn.standings c
                        where c.user_id = a.user_id
                          and c.authenticator_id = a.authenticator_id
                          and ($10::text[] is null or c.status = any ($10::text[]::authn.status[]))
                          and ($12::uuid is null or c.app_id = $12::uuid)
                          and ($21::timestamptz is null or c.locked_since >= $21::timestamptz)
                    )
                )
              -- Each user's in turn: nobody's authenticators are rolled up before.
              offset 0
          )
      )
),
-- One of the next two is empty. Each reads one more than the page, to know whether the list goes on.
forwards as (
    select m.user_id, m.name, row_number() over (order by m.name, m.user_id) as position
    from matching m
    where not $18::boolean
      and ($14::text is null or (m.name, m.user_id) > ($14::text, $15::uuid))
      and ($16::text is null or (m.name, m.user_id) < ($16::text, $17::uuid))
    order by m.name, m.user_id
    limit $19::bigint + 1
),
backwards as (
    select m.user_id, m.name, row_number() over (order by m.name desc, m.user_id desc) as position
    from matching m
    where $18::boolean
      and ($14::text is null or (m.name, m.user_id) > ($14::text, $15::uuid))
      and ($16::text is null or (m.name, m.user_id) < ($16::text, $17::uuid))
    order by m.name desc, m.user_id desc
    limit $19::bigint + 1
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
                select json_agg(json_build_array(f.name, f.user_id) order by f.name, f.user_id)
                from found f
                where f.position <= $19::bigint
            ),
            '[]'
        ),
        'more', exists (select from found f where f.position > $19::bigint),
        'total', case when $20::boolean then (select count(*) from matching) end
    ) as document
),
wanted as (
    select f.user_id, null::uuid[] as authenticator_ids
    from found f
    where f.position <= $19::bigint
)
