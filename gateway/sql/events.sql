-- events: a page of the tenant's events, newest first. $1 to $4: see user_documents.sql;
-- $5 tenant, $6 authenticator, $7 app, $8 device, $9 method, $10 kind, $11 actor, $12 since, $13 until,
-- $14 to $16 after, $17 limit, $18 total, $19 whether users, authenticators or devices are selected,
-- $20 whether the users' other authenticators are selected too
with matching as not materialized (
    select e.at, coalesce(e.number, 0) as number, e.event_id, e.number is not null as written
    from authn.events e
    where e.tenant_id = $5::uuid
      and ($6::uuid is null or e.authenticator_id = $6::uuid)
      and ($7::uuid is null or e.app_id = $7::uuid)
      and ($8::uuid is null or e.device_id = $8::uuid)
      and ($9::text[] is null or e.method = any ($9::text[]::authn.method[]))
      and ($10::text[] is null or e.kind = any ($10::text[]::authn.event_kind[]))
      and ($11::text is null or e.actor = $11::text)
      and ($12::timestamptz is null or e.at >= $12::timestamptz)
      and ($13::timestamptz is null or e.at < $13::timestamptz)
),
remaining as not materialized (
    select m.*
    from matching m
    where $14::timestamptz is null
       or m.at <= $14::timestamptz and (m.at, m.number, m.event_id) < ($14::timestamptz, $15::bigint, $16::uuid)
),
-- What is derived has no order to be read in. What was written has, and tells how far back the page goes.
reach as (
    select coalesce(
        (
            select r.at
            from remaining r
            where r.written
            order by r.at desc
            offset $17::bigint
            limit 1
        ),
        '-infinity'
    ) as at
),
-- One more than the page, to know whether the list goes on.
keys as (
    select r.at, r.event_id, row_number() over (order by r.at desc, r.number desc, r.event_id desc) as position
    from remaining r
    where r.at >= (select x.at from reach x)
    order by r.at desc, r.number desc, r.event_id desc
    limit $17::bigint + 1
),
-- The keys first: a derived event works out its status afterwards, which the others on the way need not.
found as materialized (
    select e.*
    from authn.events e
    where e.tenant_id = $5::uuid
      and e.at >= (select min(k.at) from keys k where k.position <= $17::bigint)
      and e.at <= (select max(k.at) from keys k)
      and e.event_id = any (array(select k.event_id from keys k where k.position <= $17::bigint))
),
page as (
    select json_build_object(
        'rows', coalesce(
            (
                select json_agg(
                    to_jsonb(f) || jsonb_build_object('app', (
                        select jsonb_build_object(
                            'app_id', p.app_id,
                            'name', p.name,
                            'methods', case when ($4::jsonb ->> 'app_methods')::boolean then p.methods end
                        )
                        from authn.apps p
                        where p.app_id = f.app_id
                    ))
                    order by f.at desc, coalesce(f.number, 0) desc, f.event_id desc
                )
                from found f
            ),
            '[]'
        ),
        'more', exists (select from keys k where k.position > $17::bigint),
        'total', case when $18::boolean then (select count(*) from matching) end
    ) as document
),
wanted as (
    select
        f.user_id,
        case when not $20::boolean then array_remove(array_agg(f.authenticator_id), null) end as authenticator_ids
    from found f
    where $19::boolean
      and f.user_id is not null
    group by f.user_id
)
