-- What one user is asked or told goes, whole, to the machine that has him, where it runs like anywhere. Citus logs in
-- there as the owner of the function that asks, and brings neither the login nor the settings of whoever calls; so the
-- machine that was called finds out who that is, and says so with the call.

create function authn._who_is_calling()
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A call that went nowhere would go on calling itself.
    if authn._is_relayed() then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the user is on the machine that only says who is calling',
            hint = 'Move what the coordinator holds to the others: citus_drain_node.';
    end if;
    -- Somebody without any role: what every role may do is refused.
    if authn.caller_role() is null then
        perform authn._require_access('authn_reader');
    end if;
    return jsonb_strip_nulls(jsonb_build_object(
        'tenant', authn.current_tenant(),
        'apps', array_to_string(authn.current_apps(), ','),
        'role', authn.caller_role(),
        'actor', authn.current_actor(),
        'ip', authn._trusted_setting('ip'),
        'user_agent', authn._trusted_setting('user_agent'),
        'request_id', authn._trusted_setting('request_id')
    ));
end
$$;
comment on function authn._who_is_calling() is 'who is calling, to be said to another machine; AU010 for nobody';
grant execute on function authn._who_is_calling() to authn_engine;

comment on function authn._is_relayed() is 'whether another machine said who is calling in this transaction';
grant execute on function authn._is_relayed() to authn_engine;

comment on function authn._take_over(jsonb) is
    'has the rest of the transaction act for whoever another machine says is calling: the answer of authn._who_is_calling there';
grant execute on function authn._take_over(jsonb) to authn_engine;

create function authn._has_other_machines()
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer boolean;
begin
    -- Names of Citus are looked up when it runs, for the extension is there without it.
    execute 'select exists (select from pg_dist_node n where n.groupid <> 0 and n.shouldhaveshards)' into v_answer;
    return v_answer;
end
$$;
comment on function authn._has_other_machines() is 'whether machines beside the coordinator hold users';

create function authn._require_other_machines()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_beside boolean;
    v_role name;
    v_refused text;
begin
    execute 'select exists (select from pg_dist_node n where n.groupid = 0 and n.shouldhaveshards)' into v_beside;
    if v_beside then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the coordinator would hold users beside other machines',
            hint = 'Where there are several it only says who is calling: citus_set_node_property(…, ''shouldhaveshards'', false) for the coordinator.';
    end if;

    execute $query$
        select string_agg(format('%s:%s: %s', r.nodename, r.nodeport, coalesce(nullif(r.result, ''), 'none')), E'\n')
        from run_command_on_workers('select extversion from pg_extension where extname = ''pg_authn''') r
        where r.result is distinct from authn.version()
    $query$
    into v_refused;
    if v_refused is not null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = format('other machines do not have pg_authn %s', authn.version()),
            detail = v_refused,
            hint = 'Install it there, and create or update the extension on each machine.';
    end if;

    foreach v_role in array '{authn_owner,authn_engine}'::name[] loop
        perform set_config('role', v_role, true);
        execute $query$
            select string_agg(format('%s:%s: %s', r.nodename, r.nodeport, r.result), E'\n')
            from run_command_on_workers('select 1') r
            where not r.success
        $query$
        into v_refused;
        perform set_config('role', 'none', true);
        if v_refused is not null then
            raise exception using
                errcode = 'object_not_in_prerequisite_state',
                message = format('%s cannot log in to the other machines', v_role),
                detail = v_refused,
                hint = format(
                    'Citus acts as this role there: on each machine, alter role %I login, and let it in from the coordinator alone, by pg_hba.conf or a password in pg_dist_authinfo.',
                    v_role
                );
        end if;
    end loop;
end
$$;
comment on function authn._require_other_machines() is
    'object_not_in_prerequisite_state where the machines are not ready to hold users';

create function authn._relay(called oid)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_function record;
    v_call text;
    v_there text;
    v_here text;
begin
    select
        p.proname,
        p.prosrc,
        p.proowner::regrole as owner,
        p.provolatile,
        pg_get_function_arguments(p.oid) as arguments,
        pg_get_function_result(p.oid) as result,
        (select string_agg(format('%I.%I', p.proname, n), ', ' order by i) from unnest(p.proargnames[:p.pronargs]) with ordinality as a (n, i)) as passed,
        (select string_agg(format('%I', n), ', ' order by i) from unnest(p.proargnames[p.pronargs + 1:]) with ordinality as a (n, i)) as answered,
        (select string_agg(format_type(t, null), ', ' order by i) from unnest(p.proargtypes) with ordinality as a (t, i)) as types,
        p.proowner = 'authn_engine'::regrole as delegated,
        p.proretset,
        p.pronargs::integer
    into v_function
    from pg_proc p
    where p.oid = _relay.called;

    -- There the function is what it is anywhere.
    v_call := format('authn.%I(%s)', v_function.proname, v_function.passed);
    v_there := case
        when v_function.proretset then format('return query select * from %s;', v_call)
        when v_function.result = 'void' then format('perform %s;', v_call)
        when v_function.answered is not null then format('select * into %s from %s;', v_function.answered, v_call)
        else format('return %s;', v_call)
    end;
    execute format(
        $function$
            create or replace function authn_data.%1$I(caller jsonb, %2$s)
            returns %3$s
            language plpgsql
            volatile
            set search_path = pg_catalog, pg_temp
            set max_parallel_workers_per_gather = 0
            as $body$
            begin
                perform authn._take_over(%1$I.caller);
                %4$s
            end
            $body$
        $function$,
        v_function.proname, v_function.arguments, v_function.result, v_there
    );
    v_there := format('authn_data.%I(jsonb, %s)', v_function.proname, v_function.types);
    execute format('alter function %s owner to %s', v_there, v_function.owner);
    execute format('revoke all on function %s from public', v_there);
    execute format(
        'comment on function %s is %L', v_there,
        format('authn.%I on the machine that has the user, for whoever called another', v_function.proname)
    );
    execute format(
        'select create_distributed_function(%L, %L, colocate_with => %L, force_delegation => %L)', v_there, 'user_id',
        'authn_data.users', v_function.delegated
    );

    -- Here it is a call of that: as text, because Citus sends one with parameters of its own types wrong.
    v_call := format(
        'authn_data.%I(%%L, %s)', v_function.proname, array_to_string(array_fill('%L'::text, array[v_function.pronargs]), ', ')
    );
    v_call := case
        -- Citus sends the call itself, which may then join no table that is on every machine.
        when v_function.delegated then format('format(%L, v_caller, %s)', 'select f.* from ' || v_call || ' f', v_function.passed)
        -- It goes where rows of the user would be.
        else format(
            'format(%L, %I.user_id, v_caller, %s)',
            'select f.* from (select count(*) from authn_data.whereabouts w where w.user_id = %L) w, ' || v_call || ' f',
            v_function.proname, v_function.passed
        )
    end;
    v_here := case
        when v_function.proretset then format('return query execute %s;', v_call)
        when v_function.result = 'void' then format('execute %s;', v_call)
        when v_function.answered is not null then format('execute %s into %s;', v_call, v_function.answered)
        else format('execute %s into v_answer; return v_answer;', v_call)
    end;
    v_here := format(
        $body$
declare
    v_caller jsonb := authn._who_is_calling();
    %3$s
begin
    -- Nobody's machine.
    if %1$I.user_id is null then
        perform authn._tenant_of(null);
    end if;
    %2$s
end
$body$,
        v_function.proname,
        case
            -- What reads only is committed whether or not that succeeds there; a change is not.
            when v_function.provolatile = 'v' and not v_function.delegated
                then format(E'delete from authn_data.whereabouts w where w.user_id = %I.user_id;\n    ', v_function.proname)
            else ''
        end || v_here,
        case when not v_function.proretset and v_function.answered is null and v_function.result <> 'void' then format('v_answer %s;', v_function.result) end
    );
    execute replace(pg_get_functiondef(_relay.called), v_function.prosrc, v_here);
end
$$;
comment on function authn._relay(oid) is
    'has a function of one user run on the machine that has him: the function itself there, a call of it here';

create function authn._hear()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- On the machine that says it, everybody is himself.
    if session_user = 'authn_owner' then
        perform authn._take_over(new.caller);
    end if;
    return null;
end
$$;
comment on function authn._hear() is 'has a machine that is told who is calling act for him until the transaction ends';

create function authn._announce(called oid)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_function record;
    v_itself text;
    v_call text;
begin
    select
        p.proname,
        p.prosrc,
        pg_get_functiondef(p.oid) as definition,
        pg_get_function_result(p.oid) as result,
        (select string_agg(format('%I.%I', p.proname, n), ', ' order by i) from unnest(p.proargnames[:p.pronargs]) with ordinality as a (n, i)) as passed,
        (select string_agg(format_type(t, null), ', ' order by i) from unnest(p.proargtypes) with ordinality as a (t, i)) as types
    into v_function
    from pg_proc p
    where p.oid = _announce.called;
    if strpos(v_function.prosrc, 'authn_data.callers') > 0 then
        return;
    end if;

    v_itself := format('authn_data.%I(%s)', v_function.proname, v_function.types);
    execute replace(
        v_function.definition, format('FUNCTION authn.%I(', v_function.proname), format('FUNCTION authn_data.%I(', v_function.proname)
    );
    execute format('alter function %s owner to authn_owner', v_itself);
    execute format('revoke all on function %s from public', v_itself);
    execute format('comment on function %s is %L', v_itself, format('authn.%I where every machine knows who is calling', v_function.proname));

    v_call := format('authn_data.%I(%s)', v_function.proname, v_function.passed);
    execute replace(
        v_function.definition,
        v_function.prosrc,
        format(
            E'\nbegin\n    insert into authn_data.callers (caller) values (authn._who_is_calling());\n    %s\nend\n',
            format(case v_function.result when 'void' then 'perform %s;' else 'return %s;' end, v_call)
        )
    );
end
$$;
comment on function authn._announce(oid) is
    'has a function that writes what is on every machine say to all of them first who is calling';

create function authn._relay_calls()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_function oid;
begin
    if to_regclass('authn_data.whereabouts') is null then
        create table authn_data.whereabouts (
            user_id uuid not null,
            constraint whereabouts_pkey primary key (user_id),
            constraint nothing_is_in_it check (false)
        );
        alter table authn_data.whereabouts owner to authn_owner;
        comment on table authn_data.whereabouts is
            'empty for ever: a statement about a user''s row of it runs on the machine that has the user';
        execute 'select create_distributed_table(''authn_data.whereabouts'', ''user_id'', colocate_with => ''authn_data.users'')';
    end if;

    if to_regclass('authn_data.callers') is null then
        create table authn_data.callers (caller jsonb not null);
        alter table authn_data.callers owner to authn_owner;
        comment on table authn_data.callers is
            'empty for ever: what is said in it is heard by every machine, and not written down';
        execute 'select create_reference_table(''authn_data.callers'')';
        create trigger told_who_is_calling
        before insert on authn_data.callers
        for each row
        execute function authn._hear();
        comment on trigger told_who_is_calling on authn_data.callers is 'has every machine act for whoever is calling';
    end if;

    -- Each time, for the extension may be newer than what an earlier call made of its functions.
    for v_function in
        select p.oid
        from pg_proc p
        where p.pronamespace = 'authn'::regnamespace
          and p.prosecdef
          and p.proargnames[1] = 'user_id'
          and (p.proname !~ '^_' or p.proname = '_create_user')
    loop
        perform authn._relay(v_function);
    end loop;
    for v_function in
        select p.oid
        from pg_proc p
        where p.pronamespace = 'authn'::regnamespace
          and p.proname = any (
              '{create_tenant,set_tenant_settings,bind_role,unbind_role,create_app,enable_method,disable_method,set_method_settings,set_lockout_policy,unset_lockout_policy}'::name[]
          )
    loop
        perform authn._announce(v_function);
    end loop;
end
$$;
comment on function authn._relay_calls() is 'has every function of one user run on the machine that has him, and what is on every machine be written for whoever calls; safe to repeat';
