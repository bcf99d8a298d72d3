-- The facts of every context, joined once: the views and the actions put the rule of status over it.
-- Of a global authenticator the counters stand on the tenant-wide row (w), else on the context's own.
create view authn_data.context_facts as
select
    c.tenant_id,
    c.user_id,
    c.authenticator_id,
    c.context_id,
    coalesce(w.context_id, c.context_id) as domain_id,
    c.app_id,
    p.name as app_name,
    a.method,
    authn.method_scope(a.method) as scope,
    a.device_id,
    v.name as device_name,
    coalesce(m.offered, false) as available,
    c.registered_at,
    c.last_success_at,
    c.last_failure_at,
    c.last_device_id,
    coalesce(w.failures, c.failures) as failures,
    coalesce(w.locked_since, c.locked_since) as locked_since,
    coalesce(w.locked_until, c.locked_until) as locked_until,
    greatest(u.suspended_until, a.deactivated_until, v.deactivated_until, c.deactivated_until) as blocked_until,
    u.suspended_since,
    u.suspended_until,
    u.suspension_reason,
    a.deactivated_since as everywhere_since,
    a.deactivated_until as everywhere_until,
    a.deactivation_reason as everywhere_reason,
    v.deactivated_since as device_since,
    v.deactivated_until as device_until,
    v.deactivation_reason as device_reason,
    c.deactivated_since as here_since,
    c.deactivated_until as here_until,
    c.deactivation_reason as here_reason
from authn_data.contexts c
join authn_data.authenticators a on a.user_id = c.user_id and a.authenticator_id = c.authenticator_id
join authn_data.users u on u.user_id = c.user_id
join authn_data.apps p on p.app_id = c.app_id
left join authn_data.app_methods m on m.app_id = c.app_id and m.method = a.method
left join authn_data.devices v on v.user_id = a.user_id and v.device_id = a.device_id
left join authn_data.contexts w on w.user_id = c.user_id and w.authenticator_id = c.authenticator_id and w.app_id is null
where c.registered_at is not null
  and c.removed_at is null
  and a.removed_at is null;
comment on view authn_data.context_facts is 'every context that is not removed, with every fact that its status depends on';
