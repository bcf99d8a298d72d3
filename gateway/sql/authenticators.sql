-- authenticators: a page of the tenant's authenticators, by user. $1 to $4: see user_documents.sql;
-- $5 tenant, $6 status, $7 context status, $8 method, $9 app, $10 device,
-- $11 and $12 after, $13 and $14 before, $15 backward, $16 limit, $17 total,
-- $18 whether the users' other authenticators are selected too
with matching as not materialized (
    select a.user_id, a.authenticator_id
    from authn.authenticators a
    where a.tenant_id = $5::uuid
      and ($6::text[] is null or a.status = any ($6::text[]::authn.status[]))
      and ($8::text[] is null or a.method = any ($8::text[]::authn.method[]))
      and ($10::uuid is null or a.device_id = $10::uuid)
      and (
          ($7::text[] is null and $9::uuid is null)
          or exists (
              select
              from authn.contexts c
              where c.user_id = a.user_id
                and c.authenticator_id = a.authenticator_id
                and ($7::text[] is null or c.status = any ($7::text[]::authn.status[]))
                and ($9::uuid is null or c.app_id = $9::uuid)
          )
      )
),
-- One of the next two is empty. Each reads one more than the page, to know whether the list goes on.
forwards as (
    select m.*, row_number() over (order by m.user_id, m.authenticator_id) as position
    from matching m
    where not $15::boolean
      and ($11::uuid is null or (m.user_id, m.authenticator_id) > ($11::uuid, $12::uuid))
      and ($13::uuid is null or (m.user_id, m.authenticator_id) < ($13::uuid, $14::uuid))
    order by m.user_id, m.authenticator_id
    limit $16::bigint + 1
),
backwards as (
    select m.*, row_number() over (order by m.user_id desc, m.authenticator_id desc) as position
    from matching m
    where $15::boolean
      and ($11::uuid is null or (m.user_id, m.authenticator_id) > ($11::uuid, $12::uuid))
      and ($13::uuid is null or (m.user_id, m.authenticator_id) < ($13::uuid, $14::uuid))
    order by m.user_id desc, m.authenticator_id desc
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
