create view authn.authenticators as
select
    a.tenant_id,
    r.user_id,
    r.authenticator_id,
    a.method,
    authn.method_scope(a.method) as scope,
    case
        when (select authn._sees_identifiers()) then a.identifier
        else authn.mask_identifier(a.method, a.identifier)
    end as identifier,
    a.provider,
    a.name,
    a.device_id,
    (
        select d.name
        from authn_data.devices d
        where d.user_id = a.user_id
          and d.device_id = a.device_id
    ) as device_name,
    coalesce(
        r.status,
        authn.status_rule(authn._statement_clock(), r.blocked_until, r.locked_everywhere_until, null)
    ) as status,
    r.app_count::integer as app_count,
    case when r.app_count > 1 then 'Multiple' else r.app_name end as app_label,
    r.statuses,
    a.registered_at,
    r.last_success_at,
    r.last_app_id,
    (select p.name from authn_data.apps p where p.app_id = r.last_app_id) as last_app_name,
    r.last_device_id,
    (
        select d.name
        from authn_data.devices d
        where d.user_id = r.user_id
          and d.device_id = r.last_device_id
    ) as last_device_name,
    case when r.locked_until > authn._statement_clock() then r.locked_until end as locked_until,
    case when r.blocked_until > authn._statement_clock() then r.blocked_until end as deactivated_until,
    array_remove(array[
        case when r.locked_until > authn._statement_clock() and (select authn._may_unlock()) then 'unlock' end,
        case
            when (select authn._may_deactivate()) and (select authn.current_apps() is null) then
                case when r.everywhere_until > authn._statement_clock() then 'reactivate' else 'deactivate' end
        end
    ], null) as available_actions,
    r.app_count = 0 as stands_alone,
    case when r.locked_everywhere_until > authn._statement_clock() then r.locked_everywhere_since end as locked_everywhere_since
from (
    -- An app- or device-scoped authenticator is where it has a context that the caller may see, a global one
    -- everywhere by its tenant-wide row.
    --
    -- Grouped by the key alone: over a whole tenant the grouping is most of the work.
    select
        f.user_id,
        f.authenticator_id,
        authn.overall_status(f.status) filter (where f.available) as status,
        count(f.app_id) as app_count,
        min(f.app_name) as app_name,
        jsonb_strip_nulls(jsonb_build_object(
            'registered', nullif(count(*) filter (where f.available and f.status = 'registered'), 0),
            'active', nullif(count(*) filter (where f.available and f.status = 'active'), 0),
            'locked', nullif(count(*) filter (where f.available and f.status = 'locked'), 0),
            'deactivated', nullif(count(*) filter (where f.available and f.status = 'deactivated'), 0)
        )) as statuses,
        max(f.last_success_at) filter (where f.app_id is not null) as last_success_at,
        (array_agg(f.app_id order by f.last_success_at desc)
            filter (where f.app_id is not null and f.last_success_at is not null))[1] as last_app_id,
        (array_agg(f.last_device_id order by f.last_success_at desc)
            filter (where f.app_id is not null and f.last_success_at is not null))[1] as last_device_id,
        max(f.locked_until) as locked_until,
        max(f.locked_since) filter (where f.app_id is null) as locked_everywhere_since,
        max(f.locked_until) filter (where f.app_id is null) as locked_everywhere_until,
        max(f.everywhere_until) as everywhere_until,
        max(greatest(f.suspended_until, f.everywhere_until, f.device_until)) as blocked_until
    from (
        select
            g.*,
            authn.status_rule(
                authn._statement_clock(),
                greatest(g.suspended_until, g.everywhere_until, g.device_until, g.here_until),
                g.locked_until,
                g.last_success_at
            ) as status
        from authn_data.domain_facts g
    ) f
    group by f.user_id, f.authenticator_id
) r
left join authn_data.authenticators a on a.user_id = r.user_id and a.authenticator_id = r.authenticator_id;
comment on view authn.authenticators is 'one row per authenticator, however many apps use it, with the roll-up over its contexts';
comment on column authn.authenticators.identifier is 'canonical email, phone number or subject; masked but for admins and services';
comment on column authn.authenticators.provider is 'the social provider, or the OIDC or SAML connection';
comment on column authn.authenticators.status is 'the status that all available contexts agree on, else mixed; of its own facts where there is none';
comment on column authn.authenticators.app_label is 'null without a context, the app''s name, or Multiple';
comment on column authn.authenticators.statuses is 'how many available contexts are in which status';
comment on column authn.authenticators.locked_until is 'the latest end of a lock in force in any context; ''infinity'': until unlocked';
comment on column authn.authenticators.deactivated_until is 'the latest end of what deactivates it in every app; ''infinity'': for good';
comment on column authn.authenticators.available_actions is 'what the caller may do to it as a whole: unlock, deactivate, reactivate';
comment on column authn.authenticators.stands_alone is 'no app uses it yet: it stands for itself, as in authn.standings';
comment on column authn.authenticators.locked_everywhere_since is 'the beginning of the lock in force of a global authenticator, in every app';
grant select on authn.authenticators to authn_reader;
