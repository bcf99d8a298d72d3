begin;
select plan(6);

select is_empty(
    $$select p.oid::regprocedure from pg_proc p where p.pronamespace in ('authn'::regnamespace, 'authn_data'::regnamespace)
      and obj_description(p.oid, 'pg_proc') is null$$, 'functions'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace)
      and c.relkind in ('r', 'p', 'v', 'm', 'S') and obj_description(c.oid, 'pg_class') is null$$, 'tables and views'
);
select is_empty(
    $$select t.oid::regtype from pg_type t left join pg_class c on c.oid = t.typrelid
      where t.typnamespace = 'authn'::regnamespace and t.typelem = 0 and (t.typrelid = 0 or c.relkind = 'c') and obj_description(t.oid, 'pg_type') is null$$, 'types'
);
select is_empty(
    $$select n.nspname from pg_namespace n where n.nspname in ('authn', 'authn_data') and obj_description(n.oid, 'pg_namespace') is null$$, 'schemas'
);
select is_empty(
    $$select p.polname, p.polrelid::regclass from pg_policy p join pg_class c on c.oid = p.polrelid
      where c.relnamespace = 'authn_data'::regnamespace and obj_description(p.oid, 'pg_policy') is null$$, 'policies'
);
select is_empty(
    $$select t.tgname, t.tgrelid::regclass from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'authn_data'::regnamespace and not t.tgisinternal and t.tgparentid = 0 and obj_description(t.oid, 'pg_trigger') is null$$, 'triggers'
);

select * from finish();
rollback;
