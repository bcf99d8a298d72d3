-- Storage: ordinary tables, not members of the extension, so that a dump carries them whole, `drop
-- extension` cannot take them along, and whoever runs the database may add to them.

create function authn.storage_version()
returns text
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('authn_data.schema_version') is null then
        return null;
    end if;
    return (
        select v.version
        from authn_data.schema_version v
        order by v.installed_at desc
        limit 1
    );
end
$$;
comment on function authn.storage_version() is 'the version of the tables; null before authn.migrate() made them';
grant execute on function authn.storage_version() to authn_reader, authn_trusted;

-- The caller's rights, not the owner's: making the schema and roles' objects is an administrator's act.
create function authn.migrate()
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller text := current_setting('role');
    v_step record;
begin
    -- One at a time: a second call waits, then finds everything done.
    perform pg_advisory_xact_lock(hashtextextended('pg_authn.migrate', 0));

    if exists (
        select
        from pg_namespace n
        where n.nspname = 'authn_data'
          and n.nspowner <> 'authn_owner'::regrole
    ) then
        raise exception using
            errcode = 'invalid_schema_definition',
            message = 'schema "authn_data" is there already and does not belong to authn_owner',
            hint = 'Drop or rename that schema.';
    end if;

    if authn.storage_version() is distinct from authn.version() then
        if to_regnamespace('authn_data') is null then
            create schema authn_data authorization authn_owner;
            comment on schema authn_data is 'the tables of pg_authn; everybody reaches them through schema authn';
        end if;

        perform set_config('role', 'authn_owner', true);
        for v_step in
            select s.name, s.script
            from authn._storage_steps(authn.storage_version()) s
            order by s.position
        loop
            execute v_step.script;
        end loop;
        insert into authn_data.schema_version (version) values (authn.version());
        perform set_config('role', v_caller, true);
    end if;

    perform authn._adopt_log();
    perform authn.ensure_event_partitions();
    return authn.version();
end
$$;
comment on function authn.migrate() is
    'makes the tables and views, or brings them up to the version of the extension, in one transaction; safe to repeat, safe to run twice at once; answers the version';
