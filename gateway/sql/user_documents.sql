
-- Follows a statement that ends with the common table expressions
--     page (document json)                          what the root field itself answers, one row
--     wanted (user_id, authenticator_ids uuid[])    whose documents go with it; null: all authenticators
--     events_of_users (user_id, document json)      of user_events.sql or without_user_events.sql
-- and reads of each user only what was selected:
--     $1 authenticators, $2 contexts, $3 devices,
--     $4 what else: `app_methods` (the methods that apps offer), `explanations`, `events`
select json_build_object(
    'page', (select p.document from page p),
    'users', coalesce((
        select json_agg(json_build_object(
            'user_id', u.user_id,
            'email', u.email,
            'phone', u.phone,
            'display_name', u.display_name,
            'status', u.status,
            'suspended_since', u.suspended_since,
            'suspended_until', nullif(u.suspended_until, 'infinity'),
            'suspended_indefinitely', u.suspended_until is not distinct from 'infinity',
            'suspension_reason', u.suspension_reason,
            'created_at', u.created_at,
            'available_actions', u.available_actions,
            'authenticators', coalesce((
                select json_agg(
                    json_build_object(
                        'authenticator_id', a.authenticator_id,
                        'method', a.method,
                        'scope', a.scope,
                        'identifier', a.identifier,
                        'provider', a.provider,
                        'name', a.name,
                        'device_id', a.device_id,
                        'status', a.status,
                        'app_label', a.app_label,
                        'statuses', a.statuses,
                        'registered_at', a.registered_at,
                        'last_success_at', a.last_success_at,
                        'last_app', case
                            when a.last_app_id is not null then json_build_object(
                                'app_id', a.last_app_id,
                                'name', a.last_app_name,
                                'methods', (select p.methods from authn.apps p where ($4::jsonb ->> 'app_methods')::boolean and p.app_id = a.last_app_id)
                            )
                        end,
                        'last_device_id', a.last_device_id,
                        'locked_until', nullif(a.locked_until, 'infinity'),
                        'locked_indefinitely', a.locked_until is not distinct from 'infinity',
                        'deactivated_until', nullif(a.deactivated_until, 'infinity'),
                        'deactivated_indefinitely', a.deactivated_until is not distinct from 'infinity',
                        'available_actions', a.available_actions,
                        'stands_alone', a.stands_alone,
                        'locked_everywhere_since', a.locked_everywhere_since,
                        'explanation', case
                            when ($4::jsonb ->> 'explanations')::boolean
                                then authn.explain_status(a.user_id, a.authenticator_id)
                        end
                    )
                    order by a.method, a.registered_at, a.authenticator_id
                )
                from authn.authenticators a
                where $1::boolean
                  and a.user_id = u.user_id
                  and (w.authenticator_ids is null or a.authenticator_id = any (w.authenticator_ids))
            ), '[]'),
            'contexts', coalesce((
                select json_agg(
                    json_build_object(
                        'authenticator_id', c.authenticator_id,
                        'app', json_build_object(
                            'app_id', c.app_id,
                            'name', c.app_name,
                            'methods', (select p.methods from authn.apps p where ($4::jsonb ->> 'app_methods')::boolean and p.app_id = c.app_id)
                        ),
                        'device_id', c.device_id,
                        'available', c.available,
                        'status', c.status,
                        'registered_at', c.registered_at,
                        'last_success_at', c.last_success_at,
                        'last_failure_at', c.last_failure_at,
                        'last_device_id', c.last_device_id,
                        'failures', c.failures,
                        'locked_since', c.locked_since,
                        'locked_until', nullif(c.locked_until, 'infinity'),
                        'locked_indefinitely', c.locked_until is not distinct from 'infinity',
                        'deactivated_since', c.deactivated_since,
                        'deactivated_until', nullif(c.deactivated_until, 'infinity'),
                        'deactivated_indefinitely', c.deactivated_until is not distinct from 'infinity',
                        'reason', c.reason,
                        'available_actions', c.available_actions
                    )
                    order by c.app_name, c.app_id
                )
                from authn.contexts c
                where $2::boolean
                  and c.user_id = u.user_id
                  and (w.authenticator_ids is null or c.authenticator_id = any (w.authenticator_ids))
            ), '[]'),
            'devices', coalesce((
                select json_agg(
                    json_build_object(
                        'device_id', d.device_id,
                        'name', d.name,
                        'platform', d.platform,
                        'registered_at', d.registered_at,
                        'deactivated_since', d.deactivated_since,
                        'deactivated_until', nullif(d.deactivated_until, 'infinity'),
                        'deactivated_indefinitely', d.deactivated_until is not distinct from 'infinity',
                        'deactivation_reason', d.deactivation_reason,
                        'available_actions', d.available_actions
                    )
                    order by d.registered_at, d.device_id
                )
                from authn.devices d
                where $3::boolean
                  and d.user_id = u.user_id
            ), '[]'),
            'events', coalesce(e.document, '{}')
        ))
        from wanted w
        join authn.users u on u.user_id = w.user_id
        left join events_of_users e on e.user_id = w.user_id
    ), '[]')
)
