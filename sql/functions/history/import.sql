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
                external_id text, at timestamptz, user_id uuid, authenticator_id uuid, method text, app_id uuid,
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

create function authn._require_importer(tenant_id uuid)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._require_access('authn_admin', 'authn_operator');
    perform authn._require_tenant(_require_importer.tenant_id);
end
$$;
comment on function authn._require_importer(uuid) is 'AU010 or AU012 for a caller who may not import into this tenant';

create function authn._rejected_attempts(found jsonb)
returns jsonb
language sql
stable
parallel safe
begin atomic
    select coalesce(
        jsonb_agg((f - 'condition') || jsonb_build_object('code', c.sqlstate) order by (f ->> 'position')::bigint),
        '[]'
    )
    from jsonb_array_elements(found) f
    join authn.error_catalog() c on c.condition = f ->> 'condition';
end;
comment on function authn._rejected_attempts(jsonb) is
    'what was found wrong with attempts, in their order, with the SQLSTATE in place of the condition';

-- Set against set: what is known of the users of a list is read once, and hashed. How long a list is the planner sees
-- when it has it at hand; what it takes to be short it would read in a loop, at the cost of two of its kind multiplied.
create function authn.import_attempt_columns(
    tenant_id uuid,
    external_ids text[],
    ats timestamptz[],
    user_ids uuid[],
    authenticator_ids uuid[],
    methods text[],
    app_ids uuid[],
    device_ids uuid[],
    ips inet[],
    user_agents text[],
    succeeded boolean[],
    out imported bigint,
    out repeated bigint,
    out rejected jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_fitting authn_data.imported_attempts[];
begin
    perform authn._require_importer(import_attempt_columns.tenant_id);

    with known as materialized (
        select a.user_id, a.authenticator_id, a.method, a.device_id
        from authn_data.authenticators a
        where a.tenant_id = import_attempt_columns.tenant_id
          and a.user_id = any (import_attempt_columns.user_ids)
    ),
    -- An attempt with several authenticators that it could be of is here as often.
    resolved as materialized (
        select
            g.*,
            m.method,
            k.authenticator_id as known_id,
            k.method as known_method,
            k.device_id as known_device_id
        from unnest(
            import_attempt_columns.external_ids, import_attempt_columns.ats, import_attempt_columns.user_ids,
            import_attempt_columns.authenticator_ids, import_attempt_columns.methods, import_attempt_columns.app_ids,
            import_attempt_columns.device_ids, import_attempt_columns.ips, import_attempt_columns.user_agents,
            import_attempt_columns.succeeded
        ) with ordinality as g (
            external_id, at, user_id, authenticator_id, method_name, app_id, device_id, ip, user_agent, succeeded, number
        )
        left join unnest(enum_range(null::authn.method)) m (method) on m.method::text = g.method_name
        left join known k
            on k.user_id = g.user_id
           and (g.authenticator_id is null or k.authenticator_id = g.authenticator_id)
           and (m.method is null or k.method = m.method)
           and (g.device_id is null or k.device_id is null or k.device_id = g.device_id)
    ),
    -- Looked for where there are more than were given.
    ambiguous as (
        select r.number
        from resolved r
        where (select count(*) from resolved) > cardinality(import_attempt_columns.ats)
        group by r.number
        having count(*) > 1
    ),
    judged as (
        select
            r.number, r.external_id, r.at, r.user_id, r.known_id as authenticator_id, r.app_id,
            coalesce(r.device_id, r.known_device_id) as device_id, r.known_method as method, r.ip, r.user_agent, r.succeeded,
            -- the condition, and the message
            case
                when coalesce(btrim(r.external_id), '') = ''
                    then array['invalid_argument', 'an attempt has an external_id']
                when r.at is null then array['invalid_argument', 'an attempt has an instant: at']
                when r.succeeded is null then array['invalid_argument', 'an attempt succeeded or it did not']
                when not isfinite(r.at) or r.at > authn._statement_clock()
                    then array['invalid_argument', format('at is %s, which is not in the past', r.at)]
                when r.method is null and r.method_name is not null
                    then array['invalid_argument', format('there is no method %s', r.method_name)]
                when r.known_id is null and u.user_id is null
                    then array['unknown_user', format('there is no user %s', coalesce(r.user_id::text, '(null)'))]
                when p.app_id is null
                    then array['unknown_app', format('there is no app %s', coalesce(r.app_id::text, '(null)'))]
                when r.device_id is not null and d.device_id is null
                    then array['unknown_device', format('user %s has no device %s', r.user_id, r.device_id)]
                when r.authenticator_id is null and r.method is null
                    then array['invalid_argument', 'an attempt names its authenticator_id or its method']
                when r.known_id is null
                    then array[
                        'unknown_authenticator',
                        format('user %s has no authenticator %s', r.user_id, coalesce(r.authenticator_id::text, r.method_name))
                    ]
                when s.number is not null
                    then array[
                        'invalid_argument',
                        format('user %s has several authenticators of %s: name the authenticator_id', r.user_id, r.method_name)
                    ]
            end as reason
        from resolved r
        left join ambiguous s on s.number = r.number
        left join authn_data.apps p on p.app_id = r.app_id and p.tenant_id = import_attempt_columns.tenant_id
        left join (
            select v.user_id, v.device_id
            from authn_data.devices v
            where v.user_id = any (array(select distinct x.user_id from resolved x where x.device_id is not null))
        ) d on d.user_id = r.user_id and d.device_id = r.device_id
        left join (
            select n.user_id
            from authn_data.users n
            where n.tenant_id = import_attempt_columns.tenant_id
              and n.user_id = any (array(select distinct x.user_id from resolved x where x.known_id is null))
        ) u on u.user_id = r.user_id
    )
    select
        -- In the order of the key: neighbours in the index follow each other, and two imports of the same attempts wait
        -- for one another in one direction only.
        coalesce(
            array_agg(
                row(
                    j.user_id, j.external_id, j.at, import_attempt_columns.tenant_id, j.authenticator_id, j.app_id,
                    j.device_id, j.method, j.ip, j.user_agent, j.succeeded
                )::authn_data.imported_attempts
                order by j.user_id, j.external_id collate "C"
            ) filter (where j.reason is null),
            '{}'
        ),
        coalesce(
            jsonb_agg(distinct jsonb_build_object(
                'position', j.number - 1, 'external_id', j.external_id, 'condition', j.reason[1], 'message', j.reason[2]
            )) filter (where j.reason is not null),
            '[]'
        )
    from judged j
    into v_fitting, rejected;
    rejected := authn._rejected_attempts(rejected);

    -- Most imports are all new or all known. Row by row asked for a conflict, new ones cost half as much again.
    begin
        insert into authn_data.imported_attempts
        select f.*
        from unnest(v_fitting) f;
    exception
        when unique_violation then
            insert into authn_data.imported_attempts
            select f.*
            from unnest(v_fitting) f
            on conflict on constraint imported_attempts_pkey do nothing;
    end;
    get diagnostics imported = row_count;
    repeated := cardinality(v_fitting) - imported;
end
$$;
comment on function authn.import_attempt_columns(
    uuid, text[], timestamptz[], uuid[], uuid[], text[], uuid[], uuid[], inet[], text[], boolean[]
) is
    'authn.import_attempts for a program that has the fields by their types: the n-th attempt is what stands at n in each list; nothing is parsed; the same answer, position from 0; AU010, AU012, AU017';
grant execute on function authn.import_attempt_columns(
    uuid, text[], timestamptz[], uuid[], uuid[], text[], uuid[], uuid[], inet[], text[], boolean[]
) to authn_admin, authn_operator;

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
declare
    v_unreadable bigint[] := array(
        select (e ->> 'position')::bigint from jsonb_array_elements(_import_readable_attempts.unreadable) e
    );
    v_positions bigint[];
    v_external_ids text[];
    v_ats timestamptz[];
    v_user_ids uuid[];
    v_authenticator_ids uuid[];
    v_methods text[];
    v_app_ids uuid[];
    v_device_ids uuid[];
    v_ips inet[];
    v_user_agents text[];
    v_succeeded boolean[];
begin
    select
        array_agg(r.number - 1), array_agg(r.external_id), array_agg(r.at), array_agg(r.user_id), array_agg(r.authenticator_id),
        array_agg(r.method), array_agg(r.app_id), array_agg(r.device_id), array_agg(r.ip), array_agg(r.user_agent),
        array_agg(r.succeeded)
    into
        v_positions, v_external_ids, v_ats, v_user_ids, v_authenticator_ids, v_methods, v_app_ids, v_device_ids, v_ips,
        v_user_agents, v_succeeded
    from rows from (
        jsonb_to_recordset(_import_readable_attempts.attempts) as (
            external_id text, at timestamptz, user_id uuid, authenticator_id uuid, method text, app_id uuid,
            device_id uuid, ip inet, user_agent text, succeeded boolean
        )
    ) with ordinality as r (
        external_id, at, user_id, authenticator_id, method, app_id, device_id, ip, user_agent, succeeded, number
    )
    where r.number - 1 <> all (v_unreadable);

    select c.imported, c.repeated, c.rejected
    into imported, repeated, rejected
    from authn.import_attempt_columns(
        _import_readable_attempts.tenant_id, v_external_ids, v_ats, v_user_ids, v_authenticator_ids, v_methods,
        v_app_ids, v_device_ids, v_ips, v_user_agents, v_succeeded
    ) c;

    rejected := (
        select coalesce(jsonb_agg(x.entry order by (x.entry ->> 'position')::bigint), '[]')
        from (
            select e || jsonb_build_object('position', v_positions[(e ->> 'position')::integer + 1]) as entry
            from jsonb_array_elements(rejected) e
            union all
            select e
            from jsonb_array_elements(authn._rejected_attempts(_import_readable_attempts.unreadable)) e
        ) x
    );
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
    perform authn._require_importer(import_attempts.tenant_id);
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
    perform authn._require_importer(drop_imported_attempts.tenant_id);
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
