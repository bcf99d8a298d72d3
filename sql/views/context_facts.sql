-- The facts that a status depends on, joined once: of every context that is not removed, and of every global
-- authenticator its tenant-wide row (app_id is null), on which its counters stand wherever it is used.
-- The views and the actions put the rule of status over it.
--
-- Most rows have no lock, no failure and no deactivation, so what lies over a context is joined only where
-- there is something: a report over a whole tenant then looks into small tables, and not into all users and
-- authenticators. What is joined by a whole key only to be shown is not read where it is not asked for.
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
    -- of a context of a global authenticator its own are zero and null
    coalesce(w.failures, c.failures) as failures,
    coalesce(w.locked_since, c.locked_since) as locked_since,
    coalesce(w.locked_until, c.locked_until) as locked_until,
    s.suspended_since,
    s.suspended_until,
    s.suspension_reason,
    b.everywhere_since,
    b.everywhere_until,
    b.everywhere_reason,
    b.device_since,
    b.device_until,
    b.device_reason,
    c.deactivated_since as here_since,
    c.deactivated_until as here_until,
    c.deactivation_reason as here_reason
from authn_data.contexts c
left join authn_data.apps p on p.app_id = c.app_id
left join authn_data.app_methods m on m.app_id = c.app_id and m.method = c.method
left join authn_data.authenticators a on a.user_id = c.user_id and a.authenticator_id = c.authenticator_id
left join authn_data.users s on s.user_id = c.user_id and s.suspended_until is not null
left join (
    select
        x.user_id,
        x.authenticator_id,
        x.removed_at,
        x.deactivated_since as everywhere_since,
        x.deactivated_until as everywhere_until,
        x.deactivation_reason as everywhere_reason,
        v.deactivated_since as device_since,
        v.deactivated_until as device_until,
        v.deactivation_reason as device_reason
    from authn_data.authenticators x
    left join authn_data.devices v
        on v.user_id = x.user_id and v.device_id = x.device_id and v.deactivated_until is not null
    where x.removed_at is not null
       or x.deactivated_until is not null
       or v.deactivated_until is not null
) b on b.user_id = c.user_id and b.authenticator_id = c.authenticator_id
left join authn_data.contexts w
    on w.user_id = c.user_id
   and w.authenticator_id = c.authenticator_id
   and w.app_id is null
   and (w.failures > 0 or w.locked_until is not null)
where (c.registered_at is not null or c.app_id is null)
  and c.removed_at is null
  and b.removed_at is null;
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
