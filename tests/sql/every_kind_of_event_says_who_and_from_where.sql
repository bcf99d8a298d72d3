-- By enumeration: what happened to a pin, which has a user, a device and an app, through the gateway.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(6);

-- As the gateway sets a transaction for a token of this role.
create function pg_temp.as_role(role_name name, statement text) returns void
language plpgsql as $$
begin
    perform pg_temp.act_as(role_name);
    perform set_config('authn.request_id', 'req-1', true), set_config('authn.ip', '192.0.2.7', true),
        set_config('authn.user_agent', 'test', true), set_config('authn.reason', 'ticket 42', true);
    execute statement;
    perform pg_temp.act_as_administrator();
end
$$;

select pg_temp.as_role('authn_service', $$select pg_temp.enrol('pin', 'Shop')$$) \g /dev/null
select pg_temp.as_role('authn_service', $$select pg_temp.succeed('pin', 'Shop')$$) \g /dev/null
select pg_temp.as_role('authn_service', $$select pg_temp.fail('pin', 'Shop', 6)$$) \g /dev/null
select pg_temp.as_role('authn_support', $$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'))$$) \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$) \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$) \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'), clock_timestamp() + interval '1 hour')$$) \g /dev/null
select pg_temp.time_passes('2 hours') \g /dev/null
select pg_temp.as_role('authn_service', $$select pg_temp.fail('pin', 'Shop', 5)$$) \g /dev/null
select pg_temp.time_passes('2 hours') \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.suspend_user(pg_temp.id('ada'))$$) \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.reinstate_user(pg_temp.id('ada'))$$) \g /dev/null
select pg_temp.as_role('authn_admin', $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 3, "duration": "1 minute"}]')$$) \g /dev/null
select pg_temp.as_role('authn_service', $$select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$) \g /dev/null

create temp table told as
select e.* from authn.events e where e.request_id = 'req-1' or (e.actor = 'pg_authn' and e.user_id = pg_temp.id('ada'));
select bag_eq(
    'select distinct kind from told', 'select unnest(enum_range(null::authn.event_kind))', 'every kind is told'
);
select is_empty(
    $$select * from told where actor <> 'pg_authn' and (tenant_id, actor, ip, user_agent) is distinct from (pg_temp.id('Acme'), 'sam', inet '192.0.2.7', 'test')$$,
    'with who asked, for which tenant and from where'
);
select bag_eq(
    $$select distinct kind, role from told where actor <> 'pg_authn'$$,
    $$select k::authn.event_kind, r::name from (values
        ('authn_service', '{registered,removed,attempt_succeeded,attempt_failed,attempt_refused,locked}'::text[]),
        ('authn_support', '{unlocked}'),
        ('authn_admin', '{deactivated,reactivated,user_suspended,user_reinstated,policy_changed}')) as x (r, ks), unnest(ks) k$$,
    'in which role'
);
select is_empty(
    $$select * from told where kind not in ('user_suspended', 'user_reinstated', 'policy_changed')
      and (user_id, authenticator_id, app_id, method) is distinct from (pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'), 'pin'::authn.method)$$,
    'on what, in which app'
);
select is_empty(
    $$select * from told where kind not in ('user_suspended', 'user_reinstated', 'policy_changed') and device_id is distinct from pg_temp.id('phone')$$,
    'on which device'
);
select is_empty(
    $$select * from told where kind not in ('registered', 'removed', 'policy_changed', 'lock_expired', 'deactivation_expired') and (status_before is null or status_after is null)$$,
    'with the status before and after'
);

select * from finish();
rollback;
