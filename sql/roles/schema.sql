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

    -- What is bound while this script runs finds its operators in pg_catalog, or else here.
    if exists (
        select from pg_catalog.pg_proc p where p.pronamespace operator(pg_catalog.=) 'authn'::pg_catalog.regnamespace
        union all
        select from pg_catalog.pg_operator o where o.oprnamespace operator(pg_catalog.=) 'authn'::pg_catalog.regnamespace
        union all
        select from pg_catalog.pg_type t where t.typnamespace operator(pg_catalog.=) 'authn'::pg_catalog.regnamespace
    ) then
        raise exception using
            errcode = 'duplicate_object',
            message = 'schema "authn" holds functions, operators or types that are not the extension''s',
            hint = 'Drop them, or create the extension in a database without them.';
    end if;
end
$schema$;
