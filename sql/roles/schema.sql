-- The schema may be there before the extension. If it is somebody else's, its owner could drop it,
-- and the extension with it, or put functions of his own beside ours: then nothing is installed.
do $schema$
begin
    if not exists (
        select
        from pg_catalog.pg_namespace n
        where n.nspname operator(pg_catalog.=) 'authn'
          and (
              n.nspowner operator(pg_catalog.=) (select r.oid from pg_catalog.pg_roles r where r.rolname operator(pg_catalog.=) current_user)
              or (select r.rolsuper from pg_catalog.pg_roles r where r.oid operator(pg_catalog.=) n.nspowner)
          )
    ) then
        raise exception using
            errcode = 'invalid_schema_definition',
            message = 'schema "authn" is there already and belongs to somebody else',
            hint = 'Drop or rename that schema, or give it to the role that creates the extension.';
    end if;

    if exists (
        select
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) p.pronamespace
        where n.nspname operator(pg_catalog.=) 'authn'
          and not exists (
              select
              from pg_catalog.pg_depend d
              where d.classid operator(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                and d.objid operator(pg_catalog.=) p.oid
                and d.deptype operator(pg_catalog.=) 'e'
          )
    ) then
        raise exception using
            errcode = 'duplicate_function',
            message = 'schema "authn" holds functions that are not the extension''s',
            hint = 'Drop them, or create the extension in a database without them.';
    end if;
end
$schema$;
