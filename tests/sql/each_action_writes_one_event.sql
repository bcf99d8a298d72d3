-- In the same transaction, of the right kind, with who, why and the statuses; idle repetitions write none.
begin;
\ir helpers/world.psql
select plan(4);

select set_config('authn.actor', 'sam@support', true), set_config('authn.request_id', 'req-1', true),
    set_config('authn.ip', '192.0.2.7', true), set_config('authn.user_agent', 'test', true), set_config('authn.reason', 'ticket 42', true) \g /dev/null
select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop') \g /dev/null

create temp table steps (step integer, statement text, kinds text[]);
insert into steps values
    (1, $$select pg_temp.enrol('totp', 'Shop')$$, '{registered}'),
    (2, $$select pg_temp.enrol('totp', 'Shop')$$, '{}'),
    (3, $$select pg_temp.succeed('totp', 'Shop')$$, '{attempt_succeeded}'),
    (4, $$select pg_temp.fail('totp', 'Shop')$$, '{attempt_failed}'),
    (5, $$select pg_temp.succeed('sms_otp', 'Shop')$$, '{attempt_succeeded,registered}'),
    (6, $$select pg_temp.fail('password', 'Shop', 4)$$, '{attempt_failed,attempt_failed,attempt_failed,attempt_failed}'),
    (7, $$select pg_temp.fail('password', 'Shop')$$, '{attempt_failed,locked}'),
    (8, $$select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop'))$$, '{unlocked}'),
    (9, $$select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop'))$$, '{}'),
    (10, $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))$$, '{deactivated}'),
    (11, $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))$$, '{}'),
    (12, $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'))$$, '{deactivated}'),
    (13, $$select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))$$, '{reactivated}'),
    (14, $$select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'))$$, '{reactivated}'),
    (15, $$select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'))$$, '{}'),
    (16, $$select authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'))$$, '{deactivated}'),
    (17, $$select authn.reactivate_device(pg_temp.id('ada'), pg_temp.id('phone'))$$, '{reactivated}'),
    (18, $$select authn.suspend_user(pg_temp.id('ada'))$$, '{user_suspended}'),
    (19, $$select authn.suspend_user(pg_temp.id('ada'))$$, '{}'),
    (20, $$select authn.reinstate_user(pg_temp.id('ada'))$$, '{user_reinstated}'),
    (21, $$select authn.reinstate_user(pg_temp.id('ada'))$$, '{}'),
    (22, $$select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password'))$$, '{removed}'),
    (23, $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 3}]')$$, '{policy_changed}'),
    (24, $$select authn.unset_lockout_policy(pg_temp.id('Acme'), 'pin')$$, '{policy_changed}'),
    (25, $$select authn.unset_lockout_policy(pg_temp.id('Acme'), 'pin')$$, '{}');

create function pg_temp.events_stored() returns table (source text, user_id uuid, domain_id uuid, number bigint, kind authn.event_kind)
language sql as $$
    select 'user', e.user_id, e.domain_id, e.number, e.kind from authn_data.events e
    union all
    select 'tenant', t.tenant_id, t.tenant_id, t.number, t.kind from authn_data.tenant_events t
$$;
create temp table written (step integer, kinds text[]);
do $$
declare
    v_step record;
begin
    for v_step in select * from steps order by step loop
        create temp table before on commit drop as select * from pg_temp.events_stored();
        execute v_step.statement;
        insert into written
        select v_step.step, coalesce(array_agg(n.kind::text order by n.kind::text), '{}')
        from (select * from pg_temp.events_stored() except all table before) n;
        drop table before;
    end loop;
end
$$;
select results_eq('select step, kinds from written order by step', 'select step, kinds from steps order by step', 'one event per change, none without');
select is_empty(
    $$select * from authn.events where (actor, request_id, ip, user_agent) is distinct from ('sam@support', 'req-1', inet '192.0.2.7', 'test')
      and user_id = pg_temp.id('ada') and method in ('password', 'pin', 'totp')$$,
    'each with who asked, from where'
);
select is_empty(
    $$select * from authn.events where user_id = pg_temp.id('ada') and kind in ('unlocked', 'deactivated', 'reactivated', 'user_suspended', 'user_reinstated', 'removed', 'policy_changed')
      and reason is distinct from 'ticket 42'$$,
    'and why'
);
select bag_eq(
    $$select kind::text, app_id, status_before::text, status_after::text from authn.events
      where authenticator_id = pg_temp.id('password') and kind not in ('registered', 'attempt_failed')$$,
    $$values ('locked', pg_temp.id('Shop'), 'registered', 'locked'),
        ('unlocked', pg_temp.id('Shop'), 'locked', 'registered'),
        ('deactivated', pg_temp.id('Shop'), 'registered', 'deactivated'),
        ('deactivated', null, 'deactivated', 'deactivated'),
        ('reactivated', pg_temp.id('Shop'), 'deactivated', 'deactivated'),
        ('reactivated', null, 'deactivated', 'registered'),
        ('removed', null, 'registered', null)$$,
    'with the status before and after'
);

select * from finish();
rollback;
