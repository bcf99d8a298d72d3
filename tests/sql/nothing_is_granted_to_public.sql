begin;
select plan(7);

select is_empty(
    $$select p.oid::regprocedure from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where p.pronamespace in ('authn'::regnamespace, 'authn_data'::regnamespace) and a.grantee = 0$$, 'no function'
);
select is_empty(
    $$select c.oid::regclass from pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
      where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace) and c.relkind in ('r', 'p', 'v') and a.grantee = 0$$, 'no table or view'
);
select is_empty(
    $$select t.oid::regtype from pg_type t, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) a
      where t.typnamespace = 'authn'::regnamespace and t.typelem = 0 and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
        and a.grantee = 0$$, 'no type'
);
select is_empty(
    $$select n.nspname from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
      where n.nspname in ('authn', 'authn_data') and a.grantee = 0$$, 'no schema'
);
select is_empty(
    $$select c.oid::regclass, a.grantee::regrole from pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
      where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p', 'v') and a.grantee not in ('authn_owner'::regrole, 'authn_engine'::regrole)$$,
    'nobody but the owners of the product''s functions has a right to a table'
);
select is_empty(
    $$select r, s from unnest('{authn_operator,authn_admin,authn_support,authn_reader,authn_service,authn_trusted,authn_gateway}'::text[]) r
      cross join unnest('{USAGE,CREATE}'::text[]) s where has_schema_privilege(r, 'authn_data', s)$$,
    'or reaches the schema of the tables'
);
select is_empty(
    $$select c.oid::regclass, a.privilege_type from pg_class c, aclexplode(c.relacl) a
      where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v' and a.grantee <> c.relowner and a.privilege_type <> 'SELECT'$$,
    'a view is for reading'
);

select * from finish();
rollback;
