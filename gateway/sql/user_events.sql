
,
-- The pages of events that are asked for of each user: `events` of $4, an array of
--     key                                                                   the page is answered under it
--     user, authenticator, app, device, method, kind, actor, since, until   the filter
--     after_at, after_number, after_id, limit, total                        the part of the list
events_of_users as (
    select
        w.user_id,
        json_object_agg(r.key, json_build_object(
            'rows', coalesce(found.rows, '[]'),
            'more', keys.more,
            'total', keys.total
        )) as document
    from wanted w
    cross join jsonb_to_recordset($4::jsonb -> 'events') as r (
        key text, "user" uuid, authenticator uuid, app uuid, device uuid, method authn.method[], kind authn.event_kind[],
        actor text, since timestamptz, until timestamptz,
        after_at timestamptz, after_number bigint, after_id uuid, "limit" bigint, total boolean
    )
    cross join lateral (
        with matching as (
            select e.at, coalesce(e.number, 0) as number, e.event_id
            from authn.events e
            where e.user_id = w.user_id
              and (r."user" is null or e.user_id = r."user")
              and (r.authenticator is null or e.authenticator_id = r.authenticator)
              and (r.app is null or e.app_id = r.app)
              and (r.device is null or e.device_id = r.device)
              and (r.method is null or e.method = any (r.method))
              and (r.kind is null or e.kind = any (r.kind))
              and (r.actor is null or e.actor = r.actor)
              and (r.since is null or e.at >= r.since)
              and (r.until is null or e.at < r.until)
        ),
        -- One more than the page, to know whether the list goes on.
        next as (
            select m.at, m.event_id, row_number() over (order by m.at desc, m.number desc, m.event_id desc) as position
            from matching m
            where r.after_at is null
               or (m.at, m.number, m.event_id) < (r.after_at, r.after_number, r.after_id)
            order by m.at desc, m.number desc, m.event_id desc
            limit r."limit" + 1
        )
        select
            array_agg(n.event_id) filter (where n.position <= r."limit") as ids,
            min(n.at) filter (where n.position <= r."limit") as earliest,
            max(n.at) as latest,
            count(*) > r."limit" as more,
            case when r.total then (select count(*) from matching) end as total
        from next n
    ) keys
    -- The keys first: a derived event works out its status afterwards, which the others on the way need not.
    cross join lateral (
        select json_agg(
            to_jsonb(e) || jsonb_build_object('app', (
                select jsonb_build_object(
                    'app_id', p.app_id,
                    'name', p.name,
                    'methods', case when ($4::jsonb ->> 'app_methods')::boolean then p.methods end
                )
                from authn.apps p
                where p.app_id = e.app_id
            ))
            order by e.at desc, coalesce(e.number, 0) desc, e.event_id desc
        ) as rows
        from authn.events e
        where e.user_id = w.user_id
          and e.at between keys.earliest and keys.latest
          and e.event_id = any (keys.ids)
    ) found
    group by w.user_id
)
