-- The facts that a status depends on, joined once: of every context that is not removed, and of every global
-- authenticator its tenant-wide row (app_id is null), on which its counters stand wherever it is used.
-- The views and the actions put the rule of status over it.
--
-- What lies over a context is joined only where there is something (authn_data.overlays); what is joined by a whole
-- key only to be shown is not read where it is not asked for.
create view authn_data.domain_facts as
select
    c.tenant_id,
    c.user_id,
    c.authenticator_id,
    c.context_id,
    c.app_id,
    p.name as app_name,
    c.method,
    a.device_id,
    coalesce(m.offered, false) as available,
    c.registered_at,
    c.last_success_at,
    c.last_failure_at,
    c.last_device_id,
    -- Of a context of a global authenticator its own are zero and null. By the inlined scope: whoever reads a view needs
    -- the right to call what it calls.
    case
        when c.app_id is not null and authn.method_scope(c.method) = 'global_user' then (
            select w.failures
            from authn_data.contexts w
            where w.user_id = c.user_id
              and w.authenticator_id = c.authenticator_id
              and w.app_id is null
        )
        else c.failures
    end as failures,
    coalesce(o.locked_since, c.locked_since) as locked_since,
    coalesce(o.locked_until, c.locked_until) as locked_until,
    s.suspended_since,
    s.suspended_until,
    s.suspension_reason,
    o.everywhere_since,
    o.everywhere_until,
    o.everywhere_reason,
    o.device_since,
    o.device_until,
    o.device_reason,
    c.deactivated_since as here_since,
    c.deactivated_until as here_until,
    c.deactivation_reason as here_reason
from authn_data.contexts c
left join authn_data.apps p on p.app_id = c.app_id
left join authn_data.app_methods m on m.app_id = c.app_id and m.method = c.method
left join authn_data.authenticators a on a.user_id = c.user_id and a.authenticator_id = c.authenticator_id
left join authn_data.users s on s.user_id = c.user_id and s.suspended_until is not null
left join authn_data.overlays o on o.user_id = c.user_id and o.authenticator_id = c.authenticator_id
where (c.registered_at is not null or c.app_id is null)
  and c.removed_at is null
  -- most have no overlay, which "is null" would not tell the planner
  and o.removed is not true;
comment on view authn_data.domain_facts is
    'every context that is not removed, and the tenant-wide row of every global authenticator, with every fact that a status depends on';

create view authn_data.context_facts as
select
    c.tenant_id,
    c.user_id,
    c.authenticator_id,
    c.context_id,
    case
        when authn._is_global(c.method) then (
            select w.context_id
            from authn_data.contexts w
            where w.user_id = c.user_id
              and w.authenticator_id = c.authenticator_id
              and w.app_id is null
        )
        else c.context_id
    end as domain_id,
    c.app_id,
    c.app_name,
    c.method,
    authn.method_scope(c.method) as scope,
    c.device_id,
    (
        select d.name
        from authn_data.devices d
        where d.user_id = c.user_id
          and d.device_id = c.device_id
    ) as device_name,
    c.available,
    c.registered_at,
    c.last_success_at,
    c.last_failure_at,
    c.last_device_id,
    c.failures,
    c.locked_since,
    c.locked_until,
    greatest(c.suspended_until, c.everywhere_until, c.device_until, c.here_until) as blocked_until,
    c.suspended_since,
    c.suspended_until,
    c.suspension_reason,
    c.everywhere_since,
    c.everywhere_until,
    c.everywhere_reason,
    c.device_since,
    c.device_until,
    c.device_reason,
    c.here_since,
    c.here_until,
    c.here_reason
from authn_data.domain_facts c
where c.app_id is not null;
comment on view authn_data.context_facts is 'every context that is not removed, with every fact that its status depends on';
