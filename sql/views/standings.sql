create view authn.standings as
select
    f.tenant_id,
    f.user_id,
    f.authenticator_id,
    f.app_id,
    f.method,
    f.device_id,
    authn.status_rule(authn._statement_clock(), f.blocked_until, f.locked_until, f.last_success_at) as status,
    f.registered_at,
    f.last_success_at,
    case when f.locked_until > authn._statement_clock() then f.locked_since end as locked_since,
    case when f.locked_until > authn._statement_clock() then f.locked_until end as locked_until,
    case when f.blocked_until > authn._statement_clock() then f.blocked_until end as deactivated_until
from authn_data.standing_facts f;
comment on view authn.standings is
    'what has a status of its own: every context, and a global authenticator that no app uses yet, which stands for itself (app_id null); what filters by the status in an app ask';
comment on column authn.standings.app_id is 'null: it stands for itself';
comment on column authn.standings.locked_until is 'the end of the lock in force; ''infinity'': until unlocked; null: not locked';
comment on column authn.standings.deactivated_until is 'the latest end among the deactivations and the suspension in force; ''infinity'': for good; null: none';
grant select on authn.standings to authn_reader;
