begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.enrol(method, app, device) from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.succeed(method::text, 'Wallet') from authn.methods \g /dev/null
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from authn.methods \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop'), cause => 'any') from authn.methods \g /dev/null
select authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('laptop')) \g /dev/null
select authn.suspend_user(pg_temp.id('ada')) \g /dev/null
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop')) \g /dev/null
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select authn.update_user(pg_temp.id('ada'), null, '+1 555 0100200', 'Ada') \g /dev/null
select authn.set_tenant_settings(pg_temp.id('Acme'), '{"support_may_deactivate": true}') \g /dev/null

create temp table domains as
select user_id, context_id as domain_id, event_number from authn_data.contexts
union all
select user_id, user_id, event_number from authn_data.users;

select is_empty(
    $$select d.*, e.highest, e.events
      from domains d
      left join (select user_id, domain_id, max(number) as highest, count(*) as events from authn_data.events group by 1, 2) e using (user_id, domain_id)
      where (coalesce(e.highest, 0), coalesce(e.events, 0)) is distinct from (d.event_number, d.event_number)$$,
    'in each domain the highest number, the count and the counter agree'
);
select is_empty(
    $$select user_id, domain_id from authn_data.events except select user_id, domain_id from domains$$, 'every event is of a domain that is there'
);
select is_empty(
    $$select * from (select at, lag(at) over (partition by user_id, domain_id order by number) as before from authn_data.events) e where at < before$$,
    'the time of a domain does not run backwards'
);
select results_eq(
    $$select event_number, (select max(number) from authn_data.tenant_events e where e.tenant_id = t.tenant_id), (select count(*) from authn_data.tenant_events e where e.tenant_id = t.tenant_id)
      from authn_data.tenants t where tenant_id = pg_temp.id('Acme')$$,
    'values (1::bigint, 1::bigint, 1::bigint)', 'a tenant numbers its own'
);

select * from finish();
rollback;
