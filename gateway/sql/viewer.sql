-- viewer: the tenant of the token, the apps it is confined to, and what the database lets it do
select json_build_object(
    'tenant', (
        select json_build_object('uuid', t.tenant_id, 'name', t.name)
        from authn.tenants t
        where t.tenant_id = $1::uuid
    ),
    'apps', coalesce((
        select json_agg(
            json_build_object('app_id', p.app_id, 'name', p.name, 'methods', p.methods)
            order by p.name, p.app_id
        )
        from authn.apps p
        where p.app_id = any ($2::uuid[])
    ), '[]'),
    'permissions', array_remove(array[
        case
            when has_function_privilege('authn.unlock(uuid, authn.method, uuid, text, authn.unlock_cause)', 'execute')
                then 'unlock_authenticators'
        end,
        case when authn._may_deactivate() then 'deactivate_authenticators' end,
        case
            when has_function_privilege('authn.deactivate_device(uuid, uuid, timestamptz, text)', 'execute')
                then 'deactivate_devices'
        end,
        case
            when has_function_privilege('authn.suspend_user(uuid, timestamptz, text)', 'execute')
                then 'suspend_users'
        end,
        case
            when has_function_privilege(
                'authn.set_lockout_policy(uuid, authn.method, jsonb, interval, boolean, uuid, text)', 'execute'
            )
                then 'set_lockout_policies'
        end,
        case
            when has_function_privilege('authn.bulk_unlock(uuid, jsonb, text, boolean)', 'execute')
                then 'act_in_bulk'
        end,
        case
            when has_function_privilege(
                'authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text)', 'execute'
            )
                then 'record_attempts'
        end,
        case when authn._sees_identifiers() then 'see_identifiers' end
    ], null)
)
