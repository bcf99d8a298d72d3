-- Spreading the storage over machines by an engine that exists: Citus. What belongs to a user lies with the user;
-- what is small and belongs to a tenant is on every machine. No key crosses users and no number comes from a
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
    v_waiting text[];
    v_of_users text[];
    v_keys text[] := '{}';
    v_table text;
    v_key text;
    v_row record;
begin
    if to_regclass('pg_catalog.pg_dist_partition') is null then
        raise exception using
            errcode = 'feature_not_supported',
            message = 'Citus is not in this database',
            hint = 'Put citus into shared_preload_libraries, create the extension citus here and call authn.distribute() again.';
    end if;
    perform authn._require_storage();

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
    if v_waiting = '{}' then
        return 0;
    end if;

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

    -- A key between two tables cannot be while only one of them is spread.
    for v_row in
        select k.conrelid::regclass as child, k.conname as name, pg_get_constraintdef(k.oid) as definition
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        where k.contype = 'f'
          and k.conparentid = 0
          and c.relnamespace = 'authn_data'::regnamespace
          and c.relname = any (v_waiting)
        order by 1, 2
    loop
        execute format('alter table %s drop constraint %I', v_row.child, v_row.name);
        v_keys := v_keys || format('alter table %s add constraint %I %s', v_row.child, v_row.name, v_row.definition);
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
    foreach v_key in array v_keys loop
        execute v_key;
    end loop;

    -- What every login calls goes, whole, to the machine that has the user.
    for v_row in
        select p.oid::regprocedure::text as signature
        from pg_proc p
        where p.pronamespace = 'authn'::regnamespace
          and p.proname in ('record_attempt', 'begin_attempt', 'complete_attempt', 'unlock', 'unlock_authenticator')
    loop
        execute format(
            'select create_distributed_function(%L, %L, colocate_with => %L)', v_row.signature, 'user_id',
            'authn_data.users'
        );
    end loop;
    return cardinality(v_waiting);
end
$$;
comment on function authn.distribute() is
    'spreads the storage over the machines of Citus by user, with what is small on each of them; safe to repeat; how many tables it spread';
