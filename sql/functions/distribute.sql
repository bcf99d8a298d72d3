-- The storage as tables of an engine that spreads them over machines: Citus. What belongs to a user lies with the
-- user; what is small and belongs to a tenant is on every machine. No key crosses users and no number comes from a
-- sequence, so nothing of the tables changes.

-- The caller's rights, as of authn.migrate(): it is a superuser's act. Names of Citus are looked up when it runs,
-- for the extension is there without it.
create function authn.distribute()
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_elsewhere boolean;
    v_waiting text[];
    v_of_users text[];
    v_back text[] := '{}';
    v_table text;
    v_statement text;
    v_row record;
begin
    if to_regclass('pg_catalog.pg_dist_partition') is null then
        raise exception using
            errcode = 'feature_not_supported',
            message = 'Citus is not in this database',
            hint = 'Put citus into shared_preload_libraries, create the extension citus here and call authn.distribute() again.';
    end if;
    perform authn._require_storage();

    v_elsewhere := authn._has_other_machines();
    if v_elsewhere then
        perform authn._require_other_machines();
    end if;

    -- Every table but the one that tells the machines themselves apart. Those of users come first, users before all.
    execute $query$
        select
            coalesce(array_agg(c.relname::text order by c.relname <> 'users', u.attname, c.relname), '{}'),
            coalesce(array_agg(c.relname::text) filter (where u.attname is not null), '{}')
        from pg_class c
        left join pg_attribute u on u.attrelid = c.oid and u.attname = 'user_id'
        where c.relnamespace = 'authn_data'::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
          and c.relname <> 'log_servers'
          and not exists (select from pg_dist_partition p where p.logicalrelid = c.oid)
    $query$
    into v_waiting, v_of_users;

    -- The triggers on what is spread touch nothing but rows of the same user, and so do the functions that the
    -- policies and triggers call.
    perform set_config('citus.enable_unsafe_triggers', 'on', true);
    perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
    execute format('alter database %I set citus.allow_nested_distributed_execution = on', current_database());

    -- A policy of a spread table asks nothing by a query of its own.
    for v_row in
        select
            format(
                'alter policy %I on authn_data.%I using (%s)', p.policyname, p.tablename,
                regexp_replace(p.qual, '\( SELECT (authn\.[a-z_]+\(\)) AS [a-z_]+\)', '\1', 'g')
            ) as statement
        from pg_policies p
        where p.schemaname = 'authn_data'
          and p.tablename = any (v_waiting)
          and p.qual ~ '\( SELECT '
    loop
        execute v_row.statement;
    end loop;

    -- A key between two tables cannot be while only one of them is spread, and a row that moves is not a new one.
    for v_row in
        select
            format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as away,
            array[
                format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
            ] as back
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        where k.contype = 'f'
          and k.conparentid = 0
          and c.relnamespace = 'authn_data'::regnamespace
          and c.relname = any (v_waiting)
        union all
        select
            format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass),
            array[
                pg_get_triggerdef(g.oid),
                format('comment on trigger %I on %s is %L', g.tgname, g.tgrelid::regclass, obj_description(g.oid, 'pg_trigger'))
            ]
        from pg_trigger g
        join pg_class c on c.oid = g.tgrelid
        where not g.tgisinternal
          and g.tgparentid = 0
          and g.tgtype & 4 = 4
          and c.relnamespace = 'authn_data'::regnamespace
          and c.relname = any (v_waiting)
    loop
        execute v_row.away;
        v_back := v_back || v_row.back;
    end loop;

    foreach v_table in array v_waiting loop
        if v_table <> all (v_of_users) then
            execute format('select create_reference_table(%L)', 'authn_data.' || v_table);
        else
            execute format(
                'select create_distributed_table(%L, %L, colocate_with => %L)', 'authn_data.' || v_table, 'user_id',
                case when v_table = 'users' then 'none' else 'authn_data.users' end
            );
        end if;
    end loop;
    foreach v_statement in array v_back loop
        execute v_statement;
    end loop;

    if v_elsewhere then
        perform authn._relay_calls();
    end if;
    return cardinality(v_waiting);
end
$$;
comment on function authn.distribute() is
    'makes the storage tables of Citus, by user, with what is small on every machine; safe to repeat; how many tables it spread';
