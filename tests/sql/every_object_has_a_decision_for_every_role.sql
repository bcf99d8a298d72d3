-- From the catalogs: what nobody decided about fails, and so does what differs from the decision.
begin;
\ir helpers/decisions.psql
select plan(9);

select bag_eq(
    $$select p.proname::text from pg_proc p where p.pronamespace = 'authn'::regnamespace$$, 'select name from function_decisions',
    'every function has a decision'
);
select bag_eq(
    $$select p.proname::text, r.name as role_name from pg_proc p, roles r
      where p.pronamespace = 'authn'::regnamespace and has_function_privilege(r.name, p.oid, 'execute')$$,
    $$select d.name, r.name as role_name from function_decisions d, roles r where d.roles ~ r.letter$$,
    'and is for whom it says'
);
select bag_eq(
    $$select c.relname::text from pg_class c where c.relnamespace = 'authn'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')$$,
    'select name from view_decisions', 'every view has a decision'
);
select is_empty(
    $$select c.relname, r.name, x.privilege from pg_class c, roles r,
        unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) as x (privilege)
      where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v'
        and has_table_privilege(r.name, c.oid, x.privilege) <> (x.privilege = 'select' and r.letter <> 't')$$,
    'a view is read by every role, and written by none'
);
select bag_eq(
    $$select c.relname::text from pg_class c
      where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition$$,
    'select name from table_decisions', 'every table has a decision'
);
select is_empty(
    $$select c.oid::regclass, r.rolname from pg_class c, pg_roles r
      where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and r.rolname ~ '^authn_' and r.rolname not in (select name from owner_decisions)
        and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate, references, trigger')$$,
    'a table is nobody''s but its owner''s, a partition too'
);
select is_empty(
    $$select c.oid::regclass, a.attname, r.rolname from pg_class c join pg_attribute a on a.attrelid = c.oid, pg_roles r
      where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace)
        and r.rolname ~ '^authn_' and r.rolname not in (select name from owner_decisions)
        and exists (select from aclexplode(a.attacl) x where x.grantee = r.oid)$$,
    'and nobody else''s by the column'
);
select is_empty(
    $$select r.rolname, m.rolname from pg_auth_members x join pg_roles r on r.oid = x.roleid join pg_roles m on m.oid = x.member
      where r.rolname in (select name from owner_decisions)$$,
    'and nobody is a member of the owner'
);
select bag_eq(
    $$select m.rolname::text as member, r.rolname::text as role from pg_auth_members x join pg_roles r on r.oid = x.roleid join pg_roles m on m.oid = x.member
      where m.rolname ~ '^authn_'$$,
    $$values ('authn_admin', 'authn_support'), ('authn_engine', 'authn_reader'),
        ('authn_gateway', 'authn_admin'), ('authn_gateway', 'authn_reader'), ('authn_gateway', 'authn_service'),
        ('authn_gateway', 'authn_support'), ('authn_gateway', 'authn_trusted'),
        ('authn_operator', 'authn_reader'), ('authn_service', 'authn_reader'), ('authn_support', 'authn_reader')$$,
    'the roles are in each other as the ladder says'
);

select * from finish();
rollback;
