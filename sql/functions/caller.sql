-- Who is calling. Settings (authn.tenant, authn.actor, …) are believed from trusted sessions only:
-- the gateway and login services. For everybody else an operator's map decides (role_bindings).
-- All but the lookups are bare expressions, so the planner inlines them into policies and views.

comment on function authn._is_trusted_session() is 'whether the authn.* settings of this session count';
grant execute on function authn._is_trusted_session() to authn_reader, authn_trusted;

-- What a login service says about a request; nothing anybody else says is recorded as fact.
comment on function authn._trusted_setting(text) is 'a setting authn.<name> where it counts; null where it does not, and when unset or empty';
grant execute on function authn._trusted_setting(text) to authn_reader, authn_trusted;

comment on function authn._trusted_tenant() is 'the tenant that a session whose settings count names; null: none';
grant execute on function authn._trusted_tenant() to authn_reader, authn_trusted;
comment on function authn._trusted_apps() is 'the apps that a session whose settings count is confined to; null: every app';
grant execute on function authn._trusted_apps() to authn_reader, authn_trusted;

create function authn._binding()
returns table (tenant_id uuid, access name, apps uuid[])
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
rows 1
as $$
#variable_conflict use_column
begin
    return query
    select b.tenant_id, b.access, b.apps
    from authn_data.role_bindings b
    where b.role_name = session_user;
end
$$;
comment on function authn._binding() is 'what an operator bound the logged-in database role to; no row when nothing';
grant execute on function authn._binding() to authn_reader, authn_trusted;

create function authn._bound_tenant()
returns uuid
language sql
stable
parallel safe
begin atomic
    select b.tenant_id from authn._binding() b;
end;
comment on function authn._bound_tenant() is 'the tenant that the logged-in database role is bound to';
grant execute on function authn._bound_tenant() to authn_reader, authn_trusted;

create function authn._bound_access()
returns name
language sql
stable
parallel safe
begin atomic
    select b.access from authn._binding() b;
end;
comment on function authn._bound_access() is 'the role that the logged-in database role is bound to act as';
grant execute on function authn._bound_access() to authn_reader, authn_trusted;

create function authn._bound_apps()
returns uuid[]
language sql
stable
parallel safe
begin atomic
    select b.apps from authn._binding() b;
end;
comment on function authn._bound_apps() is 'the apps that the logged-in database role is confined to; null: none';
grant execute on function authn._bound_apps() to authn_reader, authn_trusted;

create function authn.current_tenant()
returns uuid
language sql
stable
parallel safe
return case
    when authn._is_trusted_session() then authn._trusted_tenant()
    else authn._bound_tenant()
end;
comment on function authn.current_tenant() is 'the tenant this session is confined to; null: none named';
grant execute on function authn.current_tenant() to authn_reader, authn_trusted;

create function authn.current_apps()
returns uuid[]
language sql
stable
parallel safe
return case
    when authn._is_trusted_session() then authn._trusted_apps()
    else authn._bound_apps()
end;
comment on function authn.current_apps() is 'the apps this session is confined to; null: every app of the tenant';
grant execute on function authn.current_apps() to authn_reader, authn_trusted;

comment on function authn._trusted_role() is 'the role whose rights a session whose settings count has';
grant execute on function authn._trusted_role() to authn_reader, authn_trusted;

create function authn.caller_role()
returns name
language sql
stable
parallel safe
return case
    when authn._is_trusted_session() then cast(authn._trusted_role() as name)
    -- Nobody binds an operator, who belongs to no tenant: the grant makes one.
    else coalesce(
        authn._bound_access(),
        case when pg_catalog.pg_has_role(session_user, 'authn_operator', 'usage') then session_user end
    )
end;
comment on function authn.caller_role() is 'the role whose rights the caller has';
grant execute on function authn.caller_role() to authn_reader, authn_trusted;

create function authn._caller_is(role_name name)
returns boolean
language sql
stable
parallel safe
return coalesce(pg_catalog.pg_has_role(authn.caller_role(), role_name, 'usage'), false);
comment on function authn._caller_is(name) is 'whether the caller has the rights of this role';
grant execute on function authn._caller_is(name) to authn_reader, authn_trusted;

create function authn.current_actor()
returns text
language sql
stable
parallel safe
return coalesce(authn._trusted_setting('actor'), cast(session_user as text));
comment on function authn.current_actor() is 'who is recorded as having acted';
grant execute on function authn.current_actor() to authn_reader, authn_trusted;

create function authn._sees_every_tenant()
returns boolean
language sql
stable
parallel safe
return authn.current_tenant() is null and authn._caller_is('authn_operator');
comment on function authn._sees_every_tenant() is 'an operator who named no tenant';
grant execute on function authn._sees_every_tenant() to authn_reader, authn_trusted;

create function authn._every_tenant()
returns uuid[]
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(select t.tenant_id from authn_data.tenants t);
end
$$;
comment on function authn._every_tenant() is 'the ids of all tenants that the caller may see';
grant execute on function authn._every_tenant() to authn_reader, authn_trusted;

-- Apart from the function below, which stands in the policy of every table: a statement gets the whole of what is
-- inlined there ready for each of its tables before it reads a row, and hardly any caller names no tenant.
create function authn._tenants_without_one()
returns uuid[]
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Nobody logs in as these but another machine, whose statement reaches further than a call that says who is calling.
    if session_user in ('authn_owner', 'authn_engine') and not authn._is_trusted_session() then
        raise exception using
            errcode = 'feature_not_supported',
            message = 'this asks about users of more than one machine, and those do not know who is calling',
            hint = 'Functions of one user work wherever he is; docs/scale.md says what else does.';
    end if;
    return case when authn._sees_every_tenant() then authn._every_tenant() else array[null::uuid] end;
end
$$;
comment on function authn._tenants_without_one() is 'what a caller sees who names no tenant: an operator all of them, anybody else none; not supported for another machine that has not said who is calling';
grant execute on function authn._tenants_without_one() to authn_reader, authn_trusted;

create function authn.visible_tenants()
returns uuid[]
language sql
stable
parallel safe
return case
    when authn.current_tenant() is null then authn._tenants_without_one()
    else array[authn.current_tenant()]
end;
comment on function authn.visible_tenants() is 'the tenants whose rows this session may see: what every row-level policy compares with';
grant execute on function authn.visible_tenants() to authn_reader, authn_trusted;

create function authn._sees_identifiers()
returns boolean
language sql
stable
parallel safe
return authn._caller_is('authn_admin') or authn._caller_is('authn_service');
comment on function authn._sees_identifiers() is 'whether emails, phone numbers and subjects are shown unmasked';
grant execute on function authn._sees_identifiers() to authn_reader, authn_trusted;

create function authn._support_may_deactivate()
returns boolean
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from authn_data.tenants t
        where t.tenant_id = authn.current_tenant()
          and t.support_may_deactivate
    );
end
$$;
comment on function authn._support_may_deactivate() is 'whether the caller''s tenant lets support deactivate and reactivate';
grant execute on function authn._support_may_deactivate() to authn_reader, authn_trusted;

create function authn._may_unlock()
returns boolean
language sql
stable
parallel safe
return authn._caller_is('authn_support') or authn._caller_is('authn_operator');
comment on function authn._may_unlock() is 'whether the caller may lift a policy''s lock';
grant execute on function authn._may_unlock() to authn_reader, authn_trusted;

create function authn._may_deactivate()
returns boolean
language sql
stable
parallel safe
return authn._caller_is('authn_admin')
    or authn._caller_is('authn_operator')
    or (authn._caller_is('authn_support') and authn._support_may_deactivate());
comment on function authn._may_deactivate() is 'whether the caller may deactivate and reactivate an authenticator';
grant execute on function authn._may_deactivate() to authn_reader, authn_trusted;

create function authn._may_attempt()
returns boolean
language sql
stable
parallel safe
return authn._caller_is('authn_service') or authn._caller_is('authn_operator');
comment on function authn._may_attempt() is 'whether the caller may record attempts';
grant execute on function authn._may_attempt() to authn_engine;

create function authn._require_access(variadic role_names name[])
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from unnest(_require_access.role_names) as r (name) where authn._caller_is(r.name)) then
        perform authn._raise(
            'not_allowed',
            format('this needs the rights of %s', array_to_string(_require_access.role_names, ' or ')),
            'An operator binds database roles with authn.bind_role; the gateway takes the role from the token.'
        );
    end if;
end
$$;
comment on function authn._require_access(name[]) is
    'AU010 for a caller without the rights of any of these roles: a grant alone does not make a bound login more than it is bound to';
grant execute on function authn._require_access(name[]) to authn_engine;
