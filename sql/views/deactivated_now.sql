create view authn.deactivated_now as
select
    u.tenant_id,
    u.user_id,
    'user' as reach,
    null::uuid as authenticator_id,
    null::uuid as device_id,
    null::uuid as app_id,
    u.suspended_since as deactivated_since,
    u.suspended_until as deactivated_until,
    u.suspended_by as deactivated_by,
    u.suspension_reason as reason
from authn_data.users u
where u.suspended_until > authn._statement_clock()
union all
select
    a.tenant_id, a.user_id, 'authenticator', a.authenticator_id, a.device_id, null,
    a.deactivated_since, a.deactivated_until, a.deactivated_by, a.deactivation_reason
from authn_data.authenticators a
where a.deactivated_until > authn._statement_clock()
  and a.removed_at is null
union all
select
    d.tenant_id, d.user_id, 'device', null, d.device_id, null,
    d.deactivated_since, d.deactivated_until, d.deactivated_by, d.deactivation_reason
from authn_data.devices d
where d.deactivated_until > authn._statement_clock()
union all
select
    c.tenant_id, c.user_id, 'app', c.authenticator_id, null, c.app_id,
    c.deactivated_since, c.deactivated_until, c.deactivated_by, c.deactivation_reason
from authn_data.contexts c
where c.deactivated_until > authn._statement_clock()
  and c.removed_at is null;
comment on view authn.deactivated_now is
    'every deactivation and suspension in force: of a user, of an authenticator in every app or in one, of a device';
comment on column authn.deactivated_now.reach is
    'user: suspended; authenticator: in every app; device: everything bound to it; app: an authenticator in one app';
comment on column authn.deactivated_now.deactivated_until is '''infinity'': for good';
grant select on authn.deactivated_now to authn_reader;
