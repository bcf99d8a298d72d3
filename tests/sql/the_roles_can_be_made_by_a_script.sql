-- By an administrator who may create roles and nothing else, before there is an extension. What is missing
-- is made, what is there stays as it is.
begin;
select plan(4);

create role tap_dba createrole;
alter role authn_support rename to tap_support_of_before;
alter role authn_gateway rename to tap_gateway_of_before;
set local client_min_messages = error;
set local session authorization tap_dba;
\ir ../../sql/roles/roles.sql
\ir ../../sql/roles/roles.sql
reset session authorization;

select bag_eq(
    $$select rolname::text, rolcanlogin, rolinherit, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication
      from pg_roles where rolname in ('authn_support', 'authn_gateway')$$,
    $$values ('authn_gateway', true, false, false), ('authn_support', false, true, false)$$,
    'roles without any right beyond the product''s; only the gateway''s logs in'
);
select bag_eq(
    $$select m.rolname::text as member, r.rolname::text as role from pg_auth_members x join pg_roles r on r.oid = x.roleid join pg_roles m on m.oid = x.member
      where m.rolname in ('authn_support', 'authn_gateway')$$,
    $$values ('authn_support', 'authn_reader'), ('authn_gateway', 'authn_trusted'), ('authn_gateway', 'authn_reader'),
        ('authn_gateway', 'authn_support'), ('authn_gateway', 'authn_admin'), ('authn_gateway', 'authn_service')$$,
    'each in those below it'
);
select is_empty(
    $$select rolname from pg_roles r where rolname ~ '^authn_' and shobj_description(r.oid, 'pg_authid') is null$$, 'each says what it is'
);
select is_empty(
    $$select rolname from pg_roles where rolname ~ '^authn_' and rolcanlogin and rolname <> 'authn_gateway'$$, 'nobody logs in as what owns the tables'
);

select * from finish();
rollback;
