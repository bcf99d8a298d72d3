begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(8);

select pg_temp.enrol('pin', 'Shop'), pg_temp.lock('pin', 'Shop') \g /dev/null
select pg_temp.act_as('authn_support') \g /dev/null
select results_eq($$select available_actions from authn.contexts$$, $$values ('{unlock}'::text[])$$, 'support sees what it may do');
select is(pg_temp.error_of($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$), 'AU010', 'not deactivate');
select is(pg_temp.error_of($$select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$), 'AU010', 'not reactivate');
select bag_eq(
    $$select c, pg_temp.error_of(format('select authn.unlock(pg_temp.id(''ada''), ''pin'', pg_temp.id(''Shop''), cause => %L)', c)) from unnest('{manual,any}'::authn.unlock_cause[]) c$$,
    $$values ('manual'::authn.unlock_cause, 'AU010'), ('any', 'AU010')$$, 'nor by an unlock'
);
select is(pg_temp.error_of($$select authn.suspend_user(pg_temp.id('ada'))$$), '42501', 'nor suspend');
select pg_temp.act_as_administrator() \g /dev/null
select authn.set_tenant_settings(pg_temp.id('Acme'), '{"support_may_deactivate": true}') \g /dev/null
select pg_temp.act_as('authn_support') \g /dev/null
select results_eq($$select available_actions from authn.contexts$$, $$values ('{unlock,deactivate}'::text[])$$, 'allowed, it sees so');
select isnt_empty($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$, 'deactivates');
select isnt_empty($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'), cause => 'any')$$, 'and lifts it by an unlock');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
