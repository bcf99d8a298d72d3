-- lockoutPolicySimulation: $1 to $4: see user_documents.sql; $5 tenant, $6 method, $7 tiers, $8 window in
-- seconds (null: none), $9 then permanent, $10 app (null: every app), $11 since (null: all there is),
-- $12 how many rows, $13 whether the users' other authenticators are selected too
with simulated as materialized (
    select *
    from authn.simulate_lockout_policy(
        $5::uuid, $6::text::authn.method, $7::jsonb, make_interval(secs => $8::integer), $9::boolean, $10::uuid,
        $11::timestamptz
    )
),
affected as (
    select s.*
    from simulated s
    where s.locks > 0
       or s.refused > 0
    order by s.refused_successes desc, s.locked_for desc, s.locks desc, s.user_id, s.authenticator_id, s.app_id
    limit $12::bigint
),
page as (
    select json_build_object(
        'summary', (
            select json_build_object(
                'users', count(distinct s.user_id),
                'authenticators', count(distinct s.authenticator_id),
                'attempts', coalesce(sum(s.attempts), 0),
                'locks', coalesce(sum(s.locks), 0),
                'locked_for_seconds', coalesce(extract(epoch from sum(s.locked_for))::float8, 0),
                'refused', coalesce(sum(s.refused), 0),
                'legitimate_refused', coalesce(sum(s.refused_successes), 0),
                'users_locked', count(distinct s.user_id) filter (where s.locks > 0),
                'users_kept_out', count(distinct s.user_id) filter (where s.refused_successes > 0),
                'would_be_locked_now', count(*) filter (where s.would_be_locked_now)
            )
            from simulated s
        ),
        'rows', coalesce((
            select json_agg(
                json_build_object(
                    'user_id', a.user_id,
                    'authenticator_id', a.authenticator_id,
                    'app', (
                        select json_build_object('app_id', p.app_id, 'name', p.name, 'methods', p.methods)
                        from authn.apps p
                        where p.app_id = a.app_id
                    ),
                    'attempts', a.attempts,
                    'locks', a.locks,
                    'locked_for_seconds', extract(epoch from a.locked_for)::float8,
                    'refused', a.refused,
                    'legitimate_refused', a.refused_successes,
                    'would_be_locked_now', a.would_be_locked_now,
                    'locked_until', nullif(a.locked_until, 'infinity'),
                    'locked_indefinitely', a.locked_until is not distinct from 'infinity'
                )
                order by a.refused_successes desc, a.locked_for desc, a.locks desc, a.user_id, a.authenticator_id, a.app_id
            )
            from affected a
        ), '[]')
    ) as document
),
wanted as (
    select a.user_id, case when not $13::boolean then array_agg(a.authenticator_id) end as authenticator_ids
    from affected a
    group by a.user_id
)
