begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(2);

select pg_temp.enrol('password', 'Shop'), pg_temp.fail('password', 'Shop') \g /dev/null
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password'), reason => 'asked by phone') \g /dev/null
select pg_temp.act_as('authn_reader') \g /dev/null
select is_empty($$select * from authn.authenticators where authenticator_id = pg_temp.id('password')$$, 'hidden by default');
select bag_eq(
    $$select kind::text, reason from authn.events where authenticator_id = pg_temp.id('password')$$,
    $$values ('registered', null), ('attempt_failed', null), ('removed', 'asked by phone')$$, 'its history is there'
);
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
