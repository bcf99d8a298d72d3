-- The roles that the product's grants name. They belong to the cluster, not to the extension: they
-- are made where they are missing and stay when the extension goes. An administrator who keeps
-- roles elsewhere runs this file first; the extension then finds them and creates none.
do $roles$
declare
    v_role record;
begin
    for v_role in
        select *
        from (values
            ('authn_owner', 'nologin', 'owns the tables and the functions that write them; nobody logs in as it'),
            ('authn_engine', 'nologin', 'owns the functions that every attempt goes through; reaches the tables by policies of its own'),
            ('authn_operator', 'nologin', 'creates tenants, binds database roles to tenants, sees every tenant'),
            ('authn_admin', 'nologin', 'everything inside one tenant but raw writes'),
            ('authn_support', 'nologin', 'looks at users and unlocks; sees masked identifiers'),
            ('authn_reader', 'nologin', 'views only: data teams'),
            ('authn_service', 'nologin', 'login services: registers authenticators and records attempts'),
            ('authn_trusted', 'nologin', 'sessions whose authn.* settings are believed: the gateway, login services'),
            ('authn_gateway', 'login noinherit', 'the gateway logs in as this and becomes one role per transaction')
        ) as wanted (role_name, attributes, meaning)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) v_role.role_name) then
            -- Another database of the cluster may be given the extension at the same moment. Whoever comes
            -- second waits here for the first, and then finds every role; no lock of one database would tell.
            begin
                execute pg_catalog.format('create role %I %s', v_role.role_name, v_role.attributes);
                execute pg_catalog.format('comment on role %I is %L', v_role.role_name, v_role.meaning);
            exception
                when unique_violation or duplicate_object then
                    null;
            end;
        end if;
    end loop;

    -- Each role may do what the one below it may: admin > support > reader.
    for v_role in
        select *
        from (values
            ('authn_reader', 'authn_support'),
            ('authn_reader', 'authn_service'),
            ('authn_reader', 'authn_operator'),
            ('authn_reader', 'authn_engine'),
            ('authn_support', 'authn_admin'),
            ('authn_trusted', 'authn_gateway'),
            ('authn_reader', 'authn_gateway'),
            ('authn_support', 'authn_gateway'),
            ('authn_admin', 'authn_gateway'),
            ('authn_service', 'authn_gateway')
        ) as wanted (role_name, member)
    loop
        begin
            execute pg_catalog.format('grant %I to %I', v_role.role_name, v_role.member);
        exception
            when unique_violation then
                null;
        end;
    end loop;
end
$roles$;
