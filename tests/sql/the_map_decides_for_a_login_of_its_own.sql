-- A setting that anybody can SET is no boundary: only trusted sessions are believed.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(11);

select pg_temp.enrol('pin', app), pg_temp.lock('pin', app) from unnest('{Shop,Wallet}'::text[]) app \g /dev/null
create role tap_agent login in role authn_support;
select pg_temp.log_in_as('tap_agent') \g /dev/null
select is_empty('select * from authn.users', 'not bound to a tenant, it sees nothing');
select set_config('authn.tenant', pg_temp.id('Acme')::text, true), set_config('authn.actor', 'the boss', true) \g /dev/null
select is_empty('select * from authn.users', 'whatever it sets');
select is(pg_temp.error_of($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'))$$), 'AU010', 'and may do nothing');
select pg_temp.act_as_administrator() \g /dev/null

select authn.bind_role('tap_agent', pg_temp.id('Acme'), 'authn_support', array[pg_temp.id('Shop')]) \g /dev/null
select pg_temp.log_in_as('tap_agent') \g /dev/null
select set_config('authn.tenant', pg_temp.id('Globex')::text, true), set_config('authn.actor', 'the boss', true), set_config('authn.apps', '', true),
    set_config('authn.ip', '192.0.2.66', true), set_config('authn.request_id', 'forged', true), set_config('authn.reason', 'forged', true) \g /dev/null
select results_eq('select distinct tenant_id from authn.users', $$select pg_temp.id('Acme')$$, 'bound, it sees its tenant and no other');
select bag_eq('select name from authn.apps', $$values ('Shop')$$, 'and its app and no other');
select results_eq($$select current_setting('authn.tenant') = authn.current_tenant()::text, authn.current_actor(), authn.caller_role()$$,
    $$values (false, 'tap_agent', 'authn_support'::name)$$, 'by the map');
select is(pg_temp.error_of($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Wallet'))$$), 'AU003 app_id', 'another app is unknown to it');
select isnt_empty($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'))$$, 'in its own it unlocks');
select results_eq(
    $$select actor, ip, request_id, reason from authn.events where kind = 'unlocked'$$,
    $$values ('tap_agent', null::inet, null, null)$$, 'under its own name, with nothing that it made up'
);
select pg_temp.act_as_administrator() \g /dev/null
select authn.bind_role('tap_agent', pg_temp.id('Acme'), 'authn_reader') \g /dev/null
select pg_temp.log_in_as('tap_agent') \g /dev/null
select matches(pg_temp.error_of($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Wallet'))$$), '^(AU010|42501)', 'bound as a reader it unlocks no more, whatever it was granted');
select pg_temp.act_as_administrator() \g /dev/null
select authn.unbind_role('tap_agent') \g /dev/null
select pg_temp.log_in_as('tap_agent') \g /dev/null
select is_empty('select * from authn.users', 'unbound it sees nothing');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
