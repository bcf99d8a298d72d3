-- Whoever calls, a function runs with the rights and the names that it was written for.
begin;
select plan(7);

create view pg_temp.functions as
select p.oid::regprocedure as signature, p.*, l.lanname
from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = 'authn'::regnamespace;

select is_empty(
    $$select signature from pg_temp.functions where proowner not in ('authn_owner'::regrole, 'authn_engine'::regrole) and proname not in ('migrate', 'distribute')$$,
    'owned by a role that cannot log in'
);
select is_empty(
    $$select signature from pg_temp.functions where prosecdef and not coalesce(proconfig @> '{"search_path=pg_catalog, pg_temp"}', false)$$,
    'a definer pins its search_path'
);
select is_empty(
    $$select signature from pg_temp.functions where lanname = 'plpgsql' and not coalesce(proconfig @> '{"search_path=pg_catalog, pg_temp"}', false)$$,
    'and so does whatever looks names up when it runs'
);
select is_empty(
    $$select signature from pg_temp.functions where lanname = 'sql' and prosqlbody is null$$, 'what is SQL was bound to its names when it was made'
);
select is_empty(
    $$select signature from pg_temp.functions where lanname not in ('sql', 'plpgsql', 'c', 'internal')$$, 'there is no other language'
);
select is_empty($$select signature from pg_temp.functions where proname in ('migrate', 'distribute') and prosecdef$$, 'migrate() and distribute() have their caller''s rights only');
select results_eq(
    $$select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
      where rolname in ('authn_owner', 'authn_engine') order by rolname$$,
    $$values (false, false, false, false, false), (false, false, false, false, false)$$,
    'an owner is nobody in particular'
);

select * from finish();
rollback;
