-- What ends by itself, with nobody there to write it down: each end with the event that it is the end of.
create view authn_data.expiries as
select
    l.tenant_id,
    l.user_id,
    l.context_id as domain_id,
    l.number,
    l.since,
    l.until,
    'lock_expired'::authn.event_kind as kind,
    l.authenticator_id,
    l.app_id,
    a.device_id,
    l.method,
    'locked'::authn.status as status_before
from authn_data.locks l
join authn_data.authenticators a on a.user_id = l.user_id and a.authenticator_id = l.authenticator_id
where l.ended_at is null
  and l.until < 'infinity'
union all
-- A deactivation or suspension that nothing changed before its end.
select
    e.tenant_id, e.user_id, e.domain_id, e.number, e.at, authn._written_end(e.details), 'deactivation_expired',
    e.authenticator_id, e.app_id, e.device_id, e.method, 'deactivated'
from authn_data.events e
where e.kind in ('deactivated', 'user_suspended')
  and authn._written_end(e.details) < 'infinity'
  and not exists (
      select
      from authn_data.events later
      where later.user_id = e.user_id
        and later.kind in ('deactivated', 'reactivated', 'user_suspended', 'user_reinstated')
        and (later.kind in ('user_suspended', 'user_reinstated')) = (e.kind = 'user_suspended')
        and later.authenticator_id is not distinct from e.authenticator_id
        and later.app_id is not distinct from e.app_id
        and (e.authenticator_id is not null or later.device_id is not distinct from e.device_id)
        and (later.at, later.number) > (e.at, e.number)
        and later.at < authn._written_end(e.details)
  );
comment on view authn_data.expiries is
    'the ends of locks, deactivations and suspensions that nobody ended before, past and future; number and since are those of the event that began it';
