begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(5);

create role tap_operator login in role authn_operator;
select pg_temp.log_in_as('tap_operator') \g /dev/null
select lives_ok($$select authn.create_tenant('Initech')$$, 'an operator with a login of his own');
select isnt_empty($$select * from authn.tenants where name = 'Acme'$$, 'sees every tenant');
select lives_ok($$select authn.bind_role('somebody', pg_temp.id('Acme'), 'authn_reader')$$, 'and binds roles');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_admin') \g /dev/null
select is(pg_temp.error_of($$select authn.create_tenant('Mine')$$), '42501', 'an admin does not');
select is(pg_temp.error_of($$select authn.bind_role('somebody', pg_temp.id('Acme'), 'authn_admin')$$), '42501', 'nor bind');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
