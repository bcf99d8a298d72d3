create view authn.contexts as
select
    c.tenant_id,
    c.user_id,
    c.authenticator_id,
    c.app_id,
    c.app_name,
    c.method,
    c.scope,
    c.device_id,
    c.device_name,
    c.available,
    authn.status_rule(authn._statement_clock(), c.blocked_until, c.locked_until, c.last_success_at) as status,
    c.registered_at,
    c.last_success_at,
    c.last_failure_at,
    c.last_device_id,
    (
        select d.name
        from authn_data.devices d
        where d.user_id = c.user_id
          and d.device_id = c.last_device_id
    ) as last_device_name,
    c.failures,
    case when c.locked_until > authn._statement_clock() then c.locked_since end as locked_since,
    case when c.locked_until > authn._statement_clock() then c.locked_until end as locked_until,
    least(
        case when c.suspended_until > authn._statement_clock() then c.suspended_since end,
        case when c.everywhere_until > authn._statement_clock() then c.everywhere_since end,
        case when c.device_until > authn._statement_clock() then c.device_since end,
        case when c.here_until > authn._statement_clock() then c.here_since end
    ) as deactivated_since,
    case when c.blocked_until > authn._statement_clock() then c.blocked_until end as deactivated_until,
    case
        when c.suspended_until > authn._statement_clock()
            then concat_ws(': ', 'user suspended', c.suspension_reason)
        when c.everywhere_until > authn._statement_clock()
            then concat_ws(': ', 'deactivated in every app', c.everywhere_reason)
        when c.device_until > authn._statement_clock()
            then concat_ws(': ', 'device deactivated', c.device_reason)
        when c.here_until > authn._statement_clock()
            then concat_ws(': ', 'deactivated in this app', c.here_reason)
        when c.locked_until > authn._statement_clock()
            then 'locked after ' || c.failures || case c.failures when 1 then ' failure' else ' failures' end
    end as reason,
    array_remove(array[
        case when c.locked_until > authn._statement_clock() and (select authn._may_unlock()) then 'unlock' end,
        case
            when (select authn._may_deactivate()) then
                case
                    when c.here_until > authn._statement_clock() then 'reactivate'
                    when authn._in_force(c.everywhere_until, authn._statement_clock()) then null
                    else 'deactivate'
                end
        end
    ], null) as available_actions
from authn_data.context_facts c;
comment on view authn.contexts is 'one row per authenticator and app: what support sees when it clicks a status';
comment on column authn.contexts.available is 'whether the app offers the method now';
comment on column authn.contexts.status is 'by authn.status_rule at the beginning of the statement';
comment on column authn.contexts.failures is 'failures of the whole lock domain as the last one left them; a window or a lock that has passed since clears them at the next';
comment on column authn.contexts.locked_until is 'the end of the lock in force; ''infinity'': until unlocked; null: not locked';
comment on column authn.contexts.deactivated_until is 'the latest end among the deactivations and the suspension in force; ''infinity'': for good; null: none';
comment on column authn.contexts.reason is 'why it is deactivated or locked, in words';
comment on column authn.contexts.available_actions is 'what the caller may do here that would change something: unlock, deactivate, reactivate';
grant select on authn.contexts to authn_reader;
