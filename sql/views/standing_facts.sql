-- What has a status: every context, and a global authenticator that has none yet, which stands for itself.
create view authn_data.standing_facts as
select
    f.tenant_id, f.user_id, f.authenticator_id, f.context_id, f.domain_id, f.app_id, f.method, f.device_id,
    f.registered_at, f.last_success_at, f.locked_since, f.locked_until, f.blocked_until,
    f.suspended_until, f.everywhere_until, f.device_until, f.here_until
from authn_data.context_facts f
union all
select
    a.tenant_id, a.user_id, a.authenticator_id, null, w.context_id, null, a.method, null,
    a.registered_at, null, w.locked_since, w.locked_until, greatest(u.suspended_until, a.deactivated_until),
    u.suspended_until, a.deactivated_until, null, null
from authn_data.authenticators a
join authn_data.users u on u.user_id = a.user_id
join authn_data.contexts w on w.user_id = a.user_id and w.authenticator_id = a.authenticator_id and w.app_id is null
where a.removed_at is null
  and not exists (
      select
      from authn_data.contexts c
      where c.user_id = a.user_id
        and c.authenticator_id = a.authenticator_id
        and c.app_id is not null
        and c.registered_at is not null
        and c.removed_at is null
  );
comment on view authn_data.standing_facts is
    'every context, and every global authenticator without one (app_id null), with the facts that its status depends on';
