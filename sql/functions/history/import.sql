-- Attempts that another system recorded. They move no counter and make no event: what-if reads them.

create function authn._unreadable_attempts(attempts jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_attempt jsonb;
    v_position integer := 0;
    v_found jsonb := '[]';
begin
    for v_attempt in select e.value from jsonb_array_elements(_unreadable_attempts.attempts) e loop
        begin
            perform
            from jsonb_to_record(v_attempt) as r (
                external_id text, at timestamptz, user_id uuid, authenticator_id uuid, method authn.method, app_id uuid,
                device_id uuid, ip inet, user_agent text, succeeded boolean
            );
        exception
            when data_exception then
                v_found := v_found || jsonb_build_object(
                    'position', v_position, 'external_id', v_attempt -> 'external_id',
                    'condition', 'invalid_argument', 'message', sqlerrm
                );
        end;
        v_position := v_position + 1;
    end loop;
    return v_found;
end
$$;
comment on function authn._unreadable_attempts(jsonb) is
    'the elements whose fields are not of their types, with their position from 0 and why';

create function authn._import_readable_attempts(
    tenant_id uuid,
    attempts jsonb,
    unreadable jsonb,
    out imported bigint,
    out repeated bigint,
    out rejected jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    with given as materialized (
        select r.*
        from rows from (
            jsonb_to_recordset(_import_readable_attempts.attempts) as (
                external_id text, at timestamptz, user_id uuid, authenticator_id uuid, method authn.method, app_id uuid,
                device_id uuid, ip inet, user_agent text, succeeded boolean
            )
        ) with ordinality as r (
            external_id, at, user_id, authenticator_id, method, app_id, device_id, ip, user_agent, succeeded, number
        )
        where not exists (
            select
            from jsonb_array_elements(_import_readable_attempts.unreadable) x
            where (x ->> 'position')::bigint = r.number - 1
        )
    ),
    -- Many attempts are of few authenticators: each is looked for once.
    subjects as materialized (
        select
            g.user_id, g.authenticator_id, g.method, g.app_id, g.device_id,
            array_agg(g.number) as numbers
        from given g
        group by g.user_id, g.authenticator_id, g.method, g.app_id, g.device_id
    ),
    resolved as materialized (
        select
            unnest(s.numbers) as number,
            f.authenticator_id,
            f.method,
            coalesce(s.device_id, f.device_id) as device_id,
            case
                when u.user_id is null then 'unknown_user'
                when p.app_id is null then 'unknown_app'
                when s.device_id is not null and d.device_id is null then 'unknown_device'
                when s.authenticator_id is null and s.method is null then 'invalid_argument'
                when f.found = 0 then 'unknown_authenticator'
                when f.found > 1 then 'invalid_argument'
            end as condition,
            case
                when u.user_id is null then format('there is no user %s', coalesce(s.user_id::text, '(null)'))
                when p.app_id is null then format('there is no app %s', coalesce(s.app_id::text, '(null)'))
                when s.device_id is not null and d.device_id is null
                    then format('user %s has no device %s', s.user_id, s.device_id)
                when s.authenticator_id is null and s.method is null
                    then 'an attempt names its authenticator_id or its method'
                when f.found = 0
                    then format('user %s has no authenticator %s', s.user_id, coalesce(s.authenticator_id::text, s.method::text))
                when f.found > 1
                    then format('user %s has several authenticators of %s: name the authenticator_id', s.user_id, s.method)
            end as message
        from subjects s
        left join authn_data.users u
            on u.user_id = s.user_id and u.tenant_id = _import_readable_attempts.tenant_id
        left join authn_data.apps p
            on p.app_id = s.app_id and p.tenant_id = _import_readable_attempts.tenant_id
        left join authn_data.devices d on d.user_id = s.user_id and d.device_id = s.device_id
        cross join lateral (
            select
                count(*) as found,
                (array_agg(a.authenticator_id))[1] as authenticator_id,
                (array_agg(a.device_id))[1] as device_id,
                (array_agg(a.method))[1] as method
            from authn_data.authenticators a
            where a.user_id = u.user_id
              and (s.authenticator_id is null or a.authenticator_id = s.authenticator_id)
              and (s.method is null or a.method = s.method)
              and (s.device_id is null or a.device_id is null or a.device_id = s.device_id)
        ) f
    ),
    judged as materialized (
        select
            g.number, g.external_id, g.at, g.user_id, g.app_id, g.ip, g.user_agent, g.succeeded,
            r.authenticator_id, r.method, r.device_id,
            case
                when coalesce(btrim(g.external_id), '') = '' or g.at is null or g.succeeded is null
                     or not isfinite(g.at) or g.at > authn._statement_clock()
                    then 'invalid_argument'
                else r.condition
            end as condition,
            case
                when coalesce(btrim(g.external_id), '') = '' then 'an attempt has an external_id'
                when g.at is null then 'an attempt has an instant: at'
                when g.succeeded is null then 'an attempt succeeded or it did not'
                when not isfinite(g.at) or g.at > authn._statement_clock() then format('at is %s, which is not in the past', g.at)
                else r.message
            end as message
        from given g
        join resolved r on r.number = g.number
    ),
    written as (
        insert into authn_data.imported_attempts (
            user_id, external_id, at, tenant_id, authenticator_id, app_id, device_id, method, ip, user_agent, succeeded
        )
        select
            j.user_id, j.external_id, j.at, _import_readable_attempts.tenant_id, j.authenticator_id, j.app_id,
            j.device_id, j.method, j.ip, j.user_agent, j.succeeded
        from judged j
        where j.condition is null
        on conflict on constraint imported_attempts_pkey do nothing
        returning 1
    )
    select
        (select count(*) from written),
        (select count(*) from judged j where j.condition is null) - (select count(*) from written),
        coalesce((
            select jsonb_agg(
                jsonb_build_object(
                    'position', x.position, 'external_id', x.external_id, 'code', c.sqlstate, 'message', x.message
                )
                order by x.position
            )
            from (
                select j.number - 1 as position, to_jsonb(j.external_id) as external_id, j.condition, j.message
                from judged j
                where j.condition is not null
                union all
                select (e ->> 'position')::bigint, e -> 'external_id', e ->> 'condition', e ->> 'message'
                from jsonb_array_elements(_import_readable_attempts.unreadable) e
            ) x
            join authn.error_catalog() c on c.condition = x.condition
        ), '[]')
    into imported, repeated, rejected;
end
$$;
comment on function authn._import_readable_attempts(uuid, jsonb, jsonb) is
    'imports the elements that are not among the unreadable ones and name what is there';

create function authn.import_attempts(
    tenant_id uuid,
    attempts jsonb,
    out imported bigint,
    out repeated bigint,
    out rejected jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(import_attempts.tenant_id);
    if jsonb_typeof(import_attempts.attempts) is distinct from 'array' then
        perform authn._raise(
            'invalid_argument', 'attempts is not a list',
            'Write [{"external_id": "1", "at": "2026-01-31T12:00:00Z", "user_id": "…", "method": "password", "app_id": "…", "succeeded": false}].',
            'attempts'
        );
    end if;

    begin
        select r.imported, r.repeated, r.rejected
        into imported, repeated, rejected
        from authn._import_readable_attempts(import_attempts.tenant_id, import_attempts.attempts, '[]') r;
    exception
        -- One unreadable element and the whole list is: now each is tried by itself.
        when data_exception then
            select r.imported, r.repeated, r.rejected
            into imported, repeated, rejected
            from (select authn._unreadable_attempts(import_attempts.attempts) as elements) u
            cross join lateral authn._import_readable_attempts(
                import_attempts.tenant_id,
                (
                    select jsonb_agg(
                        case when x.position is null then e.value else '{}' end
                        order by e.number
                    )
                    from jsonb_array_elements(import_attempts.attempts) with ordinality as e (value, number)
                    left join (
                        select (n ->> 'position')::bigint as position from jsonb_array_elements(u.elements) n
                    ) x on x.position = e.number - 1
                ),
                u.elements
            ) r;
    end;
end
$$;
comment on function authn.import_attempts(uuid, jsonb) is
    'takes over attempts of another system, for history and what-if; moves no counter. imported: new ones; repeated: known by user and external_id, and left as they are; rejected: [{position (from 0), external_id, code, message}], of which nothing is in; AU010, AU012, AU017';
grant execute on function authn.import_attempts(uuid, jsonb) to authn_admin, authn_operator;

create function authn.drop_imported_attempts(tenant_id uuid, before timestamptz default 'infinity')
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_dropped bigint;
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(drop_imported_attempts.tenant_id);
    delete from authn_data.imported_attempts i
    where i.tenant_id = drop_imported_attempts.tenant_id
      and i.at < drop_imported_attempts.before;
    get diagnostics v_dropped = row_count;
    return v_dropped;
end
$$;
comment on function authn.drop_imported_attempts(uuid, timestamptz) is
    'deletes what was imported, or what of it is older, and answers how many; AU010, AU012';
grant execute on function authn.drop_imported_attempts(uuid, timestamptz) to authn_admin, authn_operator;
