-- A role that was to look only could unlock or remove, through a path that nobody had thought of.
begin;
\ir ../helpers/world.psql
\ir ../helpers/roles.psql
select plan(4);

select pg_temp.enrol('pin', 'Shop'), pg_temp.lock('pin', 'Shop') \g /dev/null
create temp table calls (statement text);
grant select on calls to public;
insert into calls values
    ($$select authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'))$$),
    ($$select authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))$$),
    ($$select authn._unlock(pg_temp.id('ada'), 'pin', null, pg_temp.id('Shop'), null, 'any')$$),
    ($$select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('pin'))$$),
    ($$select authn._remove(pg_temp.id('ada'), pg_temp.id('pin'), null, null)$$),
    ($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'))$$),
    ($$select authn.update_user(pg_temp.id('ada'), null, null, null)$$),
    ($$select authn.record_attempt(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'), true)$$),
    ($$update authn_data.contexts set locked_until = null$$),
    ($$delete from authn_data.locks$$),
    ($$update authn.contexts set locked_until = null$$),
    ($$delete from authn.locked_now$$),
    ($$update authn.users set email = null$$),
    ($$set role authn_owner$$);
select pg_temp.act_as('authn_reader') \g /dev/null
select is_empty(
    $$select statement, pg_temp.error_of(statement) from calls where pg_temp.error_of(statement) !~ '^(42501|55000|0A000)$' and statement <> 'set role authn_owner'$$,
    'through the gateway'
);
select is(pg_temp.status('pin', 'Shop'), 'locked', 'but he sees it');
select pg_temp.act_as_administrator() \g /dev/null

create role tap_analyst login in role authn_reader;
select authn.bind_role('tap_analyst', pg_temp.id('Acme'), 'authn_reader') \g /dev/null
select pg_temp.log_in_as('tap_analyst') \g /dev/null
select is_empty(
    $$select statement, pg_temp.error_of(statement) from calls where pg_temp.error_of(statement) !~ '^(42501|55000|0A000)$'$$,
    'with a login of his own'
);
select is(pg_temp.status('pin', 'Shop'), 'locked', 'which sees it too');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
