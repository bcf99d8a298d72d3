-- What history reads: the event log.
create view authn_data.remembered_events as
select
    e.user_id, e.domain_id, e.number, e.at, e.tenant_id, e.kind, e.authenticator_id, e.app_id, e.device_id, e.details
from authn_data.events e;
comment on view authn_data.remembered_events is 'the events that a status at a past instant is derived from';
