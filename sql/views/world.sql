create view authn.tenants as
select t.tenant_id, t.name, t.created_at, t.hard_cap, t.reservation_ttl, t.retention, t.support_may_deactivate
from authn_data.tenants t;
comment on view authn.tenants is 'the tenants that the caller sees, with their settings';
grant select on authn.tenants to authn_reader;

create view authn.apps as
select
    p.tenant_id,
    p.app_id,
    p.name,
    array(
        select m.method
        from authn_data.app_methods m
        where m.app_id = p.app_id
          and m.offered
        order by m.method
    ) as methods,
    p.created_at
from authn_data.apps p;
comment on view authn.apps is 'the apps of the tenant with the methods that each offers';
grant select on authn.apps to authn_reader;

create view authn.app_methods as
select
    m.tenant_id,
    m.app_id,
    m.method,
    m.offered,
    coalesce(t.settings, m.settings) as settings
from authn_data.app_methods m
left join authn_data.tenant_methods t on t.tenant_id = m.tenant_id and t.method = m.method;
comment on view authn.app_methods is 'the methods of each app and their settings there; a global method''s are the tenant''s';
grant select on authn.app_methods to authn_reader;

create view authn.devices as
select
    d.tenant_id,
    d.user_id,
    d.device_id,
    d.name,
    d.platform,
    d.registered_at,
    case when d.deactivated_until > authn._statement_clock() then d.deactivated_since end as deactivated_since,
    case when d.deactivated_until > authn._statement_clock() then d.deactivated_until end as deactivated_until,
    case when d.deactivated_until > authn._statement_clock() then d.deactivation_reason end as deactivation_reason,
    array_remove(array[
        case
            when (select authn._caller_is('authn_admin')) then
                case when d.deactivated_until > authn._statement_clock() then 'reactivate' else 'deactivate' end
        end
    ], null) as available_actions
from authn_data.devices d;
comment on view authn.devices is 'the devices of users; a deactivated one deactivates every device-scoped authenticator on it';
grant select on authn.devices to authn_reader;

create view authn.users as
select
    u.tenant_id,
    u.user_id,
    case when (select authn._sees_identifiers()) then u.email else authn.mask_email(authn.canonical_email(u.email)) end as email,
    case when (select authn._sees_identifiers()) then u.phone else authn.mask_phone(authn.canonical_phone(u.phone)) end as phone,
    u.display_name,
    authn.user_status_rule(authn._statement_clock(), u.suspended_until, u.activated_at) as status,
    case when u.suspended_until > authn._statement_clock() then u.suspended_since end as suspended_since,
    case when u.suspended_until > authn._statement_clock() then u.suspended_until end as suspended_until,
    case when u.suspended_until > authn._statement_clock() then u.suspension_reason end as suspension_reason,
    u.created_at,
    array_remove(array[
        case
            when (select authn._caller_is('authn_admin')) then
                case when u.suspended_until > authn._statement_clock() then 'reinstate' else 'suspend' end
        end
    ], null) as available_actions
from authn_data.users u;
comment on view authn.users is 'the people of the tenant; email and phone are masked but for admins and services';
comment on column authn.users.suspended_until is 'the end of the suspension in force; ''infinity'': for good; null: not suspended';
grant select on authn.users to authn_reader;
