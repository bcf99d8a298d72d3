-- Each event as one hash of everything in it, the same whatever a session's settings are.
create view authn_data.event_hashes as
select
    e.tenant_id,
    e.user_id,
    e.domain_id,
    e.number,
    e.at,
    e.xid,
    sha256(convert_to(jsonb_build_array(
        e.tenant_id, e.user_id, e.domain_id, e.number, extract(epoch from e.at), e.kind, e.authenticator_id, e.app_id,
        e.device_id, e.method, e.status_before, e.status_after, e.actor, e.role, e.ip, e.user_agent, e.request_id,
        e.reason, e.details, e.xid::text
    )::text, 'UTF8')) as hash
from authn_data.events e
union all
select
    t.tenant_id,
    null,
    t.tenant_id,
    t.number,
    t.at,
    t.xid,
    sha256(convert_to(jsonb_build_array(
        t.tenant_id, t.number, extract(epoch from t.at), t.kind, t.app_id, t.method, t.actor, t.role, t.ip,
        t.user_agent, t.request_id, t.reason, t.details, t.xid::text
    )::text, 'UTF8'))
from authn_data.tenant_events t;
comment on view authn_data.event_hashes is 'the event log, each event as one hash: what closings are made of and compared with';

-- What questions about an instant read: the log, and of what retention took what still decides.
create view authn_data.history as
select
    e.user_id, e.domain_id, e.number, e.at, e.tenant_id, e.kind, e.authenticator_id, e.app_id, e.device_id, e.method,
    e.status_before, e.status_after, e.actor, e.role, e.reason, e.details
from authn_data.events e
union all
select
    b.user_id, b.domain_id, b.number, b.at, b.tenant_id, b.kind, b.authenticator_id, b.app_id, b.device_id, b.method,
    b.status_before, b.status_after, b.actor, b.role, b.reason, b.details
from authn_data.event_baselines b;
comment on view authn_data.history is 'the events of users as far back as anything before the cut of retention still decides';

create view authn.event_closings as
select c.tenant_id, c.number, c.month, c.first_at, c.last_at, c.events, c.digest, c.closed_at, c.closed_by
from authn_data.event_closings c;
comment on view authn.event_closings is 'the chained digests of the event log; a copy kept elsewhere proves what the log was';
comment on column authn.event_closings.digest is 'over the events covered and the digest before it: the latest stands for the whole chain';
grant select on authn.event_closings to authn_reader;
