-- Finding people. Row-level security keeps what is not leakproof out of the conditions of an index, so a search
-- through the view would read every user of the tenant: the engine compares the tenant once, at the door, and
-- answers ids, which show nothing that the view does not.

comment on function authn._search_keys(uuid, text, text, text) is
    'what a user is found by, as every reader sees it: words of the name, the domain and the mask of the email, the mask of the phone number';
grant execute on function authn._search_keys(uuid, text, text, text) to authn_engine;

comment on function authn._search_terms(uuid, text, boolean) is
    'what a search asks for: the keys of a user, as the text of a tsquery; the beginning of the email and of the phone number for whoever sees them';
grant execute on function authn._search_terms(uuid, text, boolean) to authn_engine;

create function authn._is_found(
    tenant_id uuid,
    user_id uuid,
    email text,
    phone text,
    display_name text,
    with_id uuid,
    with_keys tsquery,
    with_email text,
    with_phone text
)
returns boolean
language sql
immutable
parallel safe
return user_id = with_id
    or array_to_tsvector(authn._search_keys(tenant_id, email, phone, display_name)) @@ with_keys
    or authn.canonical_email(email) ^@ with_email
    or authn.canonical_phone(phone) ^@ with_phone;
comment on function authn._is_found(uuid, uuid, text, text, text, uuid, tsquery, text, text) is
    'whether a search describes a user: four conditions, each with its index';
grant execute on function authn._is_found(uuid, uuid, text, text, text, uuid, tsquery, text, text) to authn_engine;

create function authn._users_by_name(
    tenant_id uuid,
    after_name text,
    after_id uuid,
    before_name text,
    before_id uuid,
    backward boolean,
    at_most bigint
)
returns table (user_id uuid, email text, phone text, display_name text)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if _users_by_name.backward then
        return query
        select u.user_id, u.email, u.phone, u.display_name
        from authn_data.users u
        where u.tenant_id = _users_by_name.tenant_id
          and (
              _users_by_name.after_name is null
              or (coalesce(u.display_name, ''), u.user_id) > (_users_by_name.after_name, _users_by_name.after_id)
          )
          and (
              _users_by_name.before_name is null
              or (coalesce(u.display_name, ''), u.user_id) < (_users_by_name.before_name, _users_by_name.before_id)
          )
        order by coalesce(u.display_name, '') desc, u.user_id desc
        limit _users_by_name.at_most;
    else
        return query
        select u.user_id, u.email, u.phone, u.display_name
        from authn_data.users u
        where u.tenant_id = _users_by_name.tenant_id
          and (
              _users_by_name.after_name is null
              or (coalesce(u.display_name, ''), u.user_id) > (_users_by_name.after_name, _users_by_name.after_id)
          )
          and (
              _users_by_name.before_name is null
              or (coalesce(u.display_name, ''), u.user_id) < (_users_by_name.before_name, _users_by_name.before_id)
          )
        order by coalesce(u.display_name, ''), u.user_id
        limit _users_by_name.at_most;
    end if;
end
$$;
comment on function authn._users_by_name(uuid, text, uuid, text, uuid, boolean, bigint) is
    'the users of a tenant in the order of name and id, between two places of it; backward: from its end';
grant execute on function authn._users_by_name(uuid, text, uuid, text, uuid, boolean, bigint) to authn_engine;

create function authn.search_users(
    tenant_id uuid,
    search text,
    after_name text default null,
    after_id uuid default null,
    before_name text default null,
    before_id uuid default null,
    backward boolean default false,
    at_most bigint default null
)
returns table (user_id uuid)
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- What is searched for decides the index.
set plan_cache_mode = force_custom_plan
rows 100
as $$
#variable_conflict use_column
declare
    v_search text := btrim(search_users.search);
    v_id uuid := case when v_search ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then v_search::uuid end;
    v_keys tsquery;
    v_email text;
    v_phone text;
    v_found uuid[];
begin
    perform authn._require_tenant(search_users.tenant_id);
    select t.keys::tsquery, t.email, t.phone
    into v_keys, v_email, v_phone
    from authn._search_terms(search_users.tenant_id, v_search, authn._sees_identifiers()) t;

    -- Of what a tenth of the users are found by, a page stands among the first of them by name. It is not left to the
    -- planner to choose between that and the indexes: whom it takes to be spread over the names may all be called so.
    if search_users.at_most is not null then
        select array_agg(u.user_id order by u.position)
        into v_found
        from (
            select w.user_id, row_number() over () as position
            from authn._users_by_name(
                search_users.tenant_id, search_users.after_name, search_users.after_id, search_users.before_name,
                search_users.before_id, search_users.backward, 10 * least(search_users.at_most, 1000)
            ) w
            where authn._is_found(search_users.tenant_id, w.user_id, w.email, w.phone, w.display_name, v_id, v_keys, v_email, v_phone)
            limit search_users.at_most
        ) u;
        if cardinality(v_found) = search_users.at_most then
            return query select f.user_id from unnest(v_found) f (user_id);
            return;
        end if;
    end if;

    return query
    with found as materialized (
        select u.user_id, row(coalesce(u.display_name, ''), u.user_id) as place
        from authn_data.users u
        where u.tenant_id = search_users.tenant_id
          and authn._is_found(u.tenant_id, u.user_id, u.email, u.phone, u.display_name, v_id, v_keys, v_email, v_phone)
    )
    select f.user_id
    from found f
    where (search_users.after_name is null or f.place > row(search_users.after_name, search_users.after_id))
      and (search_users.before_name is null or f.place < row(search_users.before_name, search_users.before_id))
    order by case when not search_users.backward then f.place end, f.place desc
    limit search_users.at_most;
end
$$;
alter function authn.search_users(uuid, text, text, uuid, text, uuid, boolean, bigint) owner to authn_engine;
comment on function authn.search_users(uuid, text, text, uuid, text, uuid, boolean, bigint) is
    'the users of a tenant whom a search finds, in the order of name and id: by the beginnings of words of the name, by the beginning of the email, of its domain or of the phone number as the caller sees them, or by a whole email, phone number or id; a blank search finds nobody. Optionally only those after or before a name and id, the last first (backward), and at_most so many; AU012';
grant execute on function authn.search_users(uuid, text, text, uuid, text, uuid, boolean, bigint) to authn_reader;
