create view authn.authenticators as
select
    a.tenant_id,
    a.user_id,
    a.authenticator_id,
    a.method,
    authn.method_scope(a.method) as scope,
    case
        when (select authn._sees_identifiers()) then a.identifier
        else authn.mask_identifier(a.method, a.identifier)
    end as identifier,
    a.provider,
    a.name,
    a.device_id,
    v.name as device_name,
    coalesce(
        c.status,
        authn.status_rule(
            authn._statement_clock(),
            greatest(u.suspended_until, a.deactivated_until, v.deactivated_until),
            w.locked_until,
            null
        )
    ) as status,
    coalesce(c.app_count, 0)::integer as app_count,
    case when c.app_count > 1 then 'Multiple' else c.app_name end as app_label,
    coalesce(c.statuses, '{}') as statuses,
    a.registered_at,
    c.last_success_at,
    c.last_app_id,
    (select p.name from authn_data.apps p where p.app_id = c.last_app_id) as last_app_name,
    c.last_device_id,
    (
        select d.name
        from authn_data.devices d
        where d.user_id = a.user_id
          and d.device_id = c.last_device_id
    ) as last_device_name,
    case
        when greatest(c.locked_until, w.locked_until) > authn._statement_clock()
            then greatest(c.locked_until, w.locked_until)
    end as locked_until,
    case
        when greatest(u.suspended_until, a.deactivated_until, v.deactivated_until) > authn._statement_clock()
            then greatest(u.suspended_until, a.deactivated_until, v.deactivated_until)
    end as deactivated_until,
    array_remove(array[
        case
            when greatest(c.locked_until, w.locked_until) > authn._statement_clock()
                 and (select authn._may_unlock())
                then 'unlock'
        end,
        case
            when (select authn._may_deactivate()) and (select authn.current_apps() is null) then
                case when a.deactivated_until > authn._statement_clock() then 'reactivate' else 'deactivate' end
        end
    ], null) as available_actions
from authn_data.authenticators a
join authn_data.users u on u.user_id = a.user_id
left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
left join authn_data.contexts w
    on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
left join (
    select
        f.user_id,
        f.authenticator_id,
        authn.overall_status(f.status) filter (where f.available) as status,
        count(*) as app_count,
        min(f.app_name) as app_name,
        jsonb_strip_nulls(jsonb_build_object(
            'registered', nullif(count(*) filter (where f.available and f.status = 'registered'), 0),
            'active', nullif(count(*) filter (where f.available and f.status = 'active'), 0),
            'locked', nullif(count(*) filter (where f.available and f.status = 'locked'), 0),
            'deactivated', nullif(count(*) filter (where f.available and f.status = 'deactivated'), 0)
        )) as statuses,
        max(f.last_success_at) as last_success_at,
        (array_agg(f.app_id order by f.last_success_at desc nulls last)
            filter (where f.last_success_at is not null))[1] as last_app_id,
        (array_agg(f.last_device_id order by f.last_success_at desc nulls last)
            filter (where f.last_success_at is not null))[1] as last_device_id,
        max(f.locked_until) as locked_until
    from (
        select
            g.*,
            authn.status_rule(authn._statement_clock(), g.blocked_until, g.locked_until, g.last_success_at) as status
        from authn_data.context_facts g
    ) f
    group by f.user_id, f.authenticator_id
) c on c.user_id = a.user_id and c.authenticator_id = a.authenticator_id
where a.removed_at is null
  -- an app- or device-scoped authenticator is where it has a context that the caller may see
  and (authn.method_scope(a.method) = 'global_user' or c.authenticator_id is not null);
comment on view authn.authenticators is 'one row per authenticator, however many apps use it, with the roll-up over its contexts';
comment on column authn.authenticators.identifier is 'canonical email, phone number or subject; masked but for admins and services';
comment on column authn.authenticators.provider is 'the social provider, or the OIDC or SAML connection';
comment on column authn.authenticators.status is 'the status that all available contexts agree on, else mixed; of its own facts where there is none';
comment on column authn.authenticators.app_label is 'null without a context, the app''s name, or Multiple';
comment on column authn.authenticators.statuses is 'how many available contexts are in which status';
comment on column authn.authenticators.locked_until is 'the latest end of a lock in force in any context; ''infinity'': until unlocked';
comment on column authn.authenticators.deactivated_until is 'the latest end of what deactivates it in every app; ''infinity'': for good';
comment on column authn.authenticators.available_actions is 'what the caller may do to it as a whole: unlock, deactivate, reactivate';
grant select on authn.authenticators to authn_reader;
