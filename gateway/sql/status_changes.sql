-- authenticatorChanged: what changed since a cursor, and the objects that the changes name, read with one
-- snapshot. $1 to $4: see user_documents.sql; $5 tenant, $6 after (null: now), $7 one user, $8 how many at most,
-- $9 up to which cursor, $10 whether objects are selected, $11 of whose changes (null: of all),
-- $12 all authenticators of those users
with followed as materialized (
    select *
    from authn.status_changes($5::uuid, $6::text, $7::uuid, $8::integer, $9::text)
),
change as materialized (
    select c.*
    from followed f
    cross join lateral unnest(f.changes) with ordinality as c
),
page as (
    select json_build_object(
        'changes', coalesce(
            (
                select json_agg(
                    json_build_object(
                        'cursor', c.cursor,
                        'at', c.at,
                        'kind', c.kind,
                        'user_id', c.user_id,
                        'authenticator_id', c.authenticator_id,
                        'device_id', c.device_id,
                        'app', (
                            select json_build_object(
                                'app_id', p.app_id,
                                'name', p.name,
                                'methods', case when ($4::jsonb ->> 'app_methods')::boolean then p.methods end
                            )
                            from authn.apps p
                            where p.app_id = c.app_id
                        ),
                        'method', c.method,
                        'status_before', c.status_before,
                        'status_after', c.status_after,
                        'reason', c.reason
                    )
                    order by c.ordinality
                )
                from change c
            ),
            '[]'
        ),
        'cursor', f.cursor,
        'more', f.more,
        'pending', f.pending,
        'next_end_in', extract(epoch from f.next_end_in)::double precision
    ) as document
    from followed f
),
wanted as (
    select
        c.user_id,
        case
            when not $12::boolean
                then coalesce(array_agg(c.authenticator_id) filter (where c.authenticator_id is not null), '{}')
        end as authenticator_ids
    from change c
    where $10::boolean
      and ($11::uuid[] is null or c.user_id = any ($11::uuid[]))
    group by c.user_id
)

