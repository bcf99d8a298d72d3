-- The extension in a schema of somebody else, who could drop it or put functions beside it; storage
-- in a schema of somebody else.
begin;
set client_min_messages = warning;
select plan(5);

drop schema authn_data cascade;
create role tap_squatter;
create schema authn_data authorization tap_squatter;
select throws_ok('select authn.migrate()', '42P15', null, 'migrate() makes no tables in a schema of somebody else');
drop schema authn_data;

drop extension pg_authn cascade;
drop schema if exists authn;
create schema authn authorization tap_squatter;
select throws_ok('create extension pg_authn', '42P15', null, 'the extension is not made in a schema of somebody else');
drop schema authn;
create schema authn;
create function authn.version() returns text language sql return 'mine';
select throws_ok('create extension pg_authn', '42710', null, 'nor beside functions of somebody else');
drop schema authn cascade;

select lives_ok('create extension pg_authn', 'in an empty place it is');
select results_eq('select authn.migrate()', 'select authn.version()', 'with its storage');

select * from finish();
rollback;
