-- What was written, and what nobody had to write: the expiry of a lock is told at its true instant. The status
-- after it is worked out row by row, and not at all where nobody asks for that column.
create view authn.events as
select
    e.tenant_id,
    e.user_id,
    e.at,
    e.kind,
    e.authenticator_id,
    e.app_id,
    e.device_id,
    e.method,
    e.actor,
    e.role::name as role,
    e.ip,
    e.user_agent,
    e.reason,
    e.status_before,
    e.status_after,
    e.request_id,
    e.details,
    e.number,
    authn._event_id(e.domain_id, e.number, e.kind) as event_id
from authn_data.events e
union all
select
    t.tenant_id, null, t.at, t.kind, null, t.app_id, null, t.method, t.actor, t.role::name, t.ip, t.user_agent, t.reason,
    null, null, t.request_id, t.details, t.number, authn._event_id(t.tenant_id, t.number, t.kind)
from authn_data.tenant_events t
union all
select
    r.tenant_id, r.user_id, r.first_at, 'attempt_refused', r.authenticator_id, r.app_id, r.device_id, r.method,
    r.actor, r.role::name, r.ip, r.user_agent, null, r.status, r.status, r.request_id,
    jsonb_build_object('further', r.further), null,
    authn._event_id(r.context_id, (extract(epoch from r.since) * 1000000)::bigint, 'attempt_refused')
from authn_data.refusals r
union all
select
    x.tenant_id, x.user_id, x.until, x.kind, x.authenticator_id, x.app_id, x.device_id, x.method,
    'pg_authn', null, null, null, null, x.status_before,
    authn._status_when_over(x.tenant_id, x.user_id, x.authenticator_id, x.app_id, x.device_id, x.until),
    null, jsonb_build_object(case x.kind when 'lock_expired' then 'locked_at' else 'deactivated_at' end, x.since), null,
    authn._event_id(x.domain_id, x.number, x.kind)
from authn_data.expiries x
where x.until <= authn._statement_clock();
comment on view authn.events is 'the audit trail: what happened, who did it and why';
comment on column authn.events.number is 'counts within what the event happened to; orders events of one instant; null for what is derived';
comment on column authn.events.event_id is 'the same whenever the event is read: of what it happened to, its number there and its kind';
comment on column authn.events.role is 'the database role whose rights the actor had';
grant select on authn.events to authn_reader;

create view authn.locks as
select
    l.tenant_id,
    l.user_id,
    l.authenticator_id,
    l.app_id,
    l.method,
    l.since as locked_since,
    l.until as locked_until,
    l.ended_at,
    l.ended_by,
    l.ended_at is null and l.until > authn._statement_clock() as in_force,
    l.failures,
    l.cause,
    l.tier,
    l.policy_source,
    l.policy_version
from authn_data.locks l;
comment on view authn.locks is 'every lock, past and in force, of what was removed since too; app_id is null where it holds in every app of the tenant';
comment on column authn.locks.ended_at is 'when it was ended before it ran out; null: by nobody';
grant select on authn.locks to authn_reader;

create view authn.locked_now as
select
    l.tenant_id,
    l.user_id,
    l.authenticator_id,
    l.app_id,
    l.method,
    l.since as locked_since,
    l.until as locked_until,
    l.failures,
    l.cause,
    l.tier,
    l.policy_source,
    l.policy_version
from authn_data.locks l
join authn_data.authenticators a on a.user_id = l.user_id and a.authenticator_id = l.authenticator_id
join authn_data.contexts c on c.user_id = l.user_id and c.context_id = l.context_id
where l.ended_at is null
  and l.until > authn._statement_clock()
  and a.removed_at is null
  and c.removed_at is null;
comment on view authn.locked_now is 'every lock in force; app_id is null where it holds in every app of the tenant';
grant select on authn.locked_now to authn_reader;
