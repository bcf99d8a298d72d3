-- Last: what must hold of everything that the files before this one created.

-- Every function belongs to a role that cannot log in, so that a definer has that role's rights and
-- not a superuser's; and nobody may call one whom its file does not name.
do $ownership$
declare
    v_object record;
begin
    for v_object in
        select
            d.objid::pg_catalog.regprocedure as signature,
            case when p.prokind operator(pg_catalog.=) 'a' then 'aggregate' else 'function' end as kind,
            p.proname,
            p.proowner operator(pg_catalog.=) 'authn_engine'::pg_catalog.regrole as of_the_engine
        from pg_catalog.pg_depend d
        join pg_catalog.pg_extension e on e.oid operator(pg_catalog.=) d.refobjid and e.extname operator(pg_catalog.=) 'pg_authn'
        join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) d.objid
        where d.classid operator(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
          and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
          and d.deptype operator(pg_catalog.=) 'e'
    loop
        -- migrate() and distribute() act with their caller's rights and stay the administrator's; what its file
        -- gave to the engine stays the engine's.
        if v_object.proname operator(pg_catalog.<>) all ('{migrate,distribute}'::pg_catalog.name[]) and not v_object.of_the_engine then
            execute pg_catalog.format('alter %s %s owner to authn_owner', v_object.kind, v_object.signature);
        end if;
        -- After the owner, so that what a dump compares with is the privileges as they are left here.
        execute pg_catalog.format('revoke all on function %s from public', v_object.signature);
    end loop;
end
$ownership$;

-- Nor may a table or function be built on a type by whoever is nobody to the product.
do $types$
declare
    v_type record;
begin
    for v_type in
        select d.objid::pg_catalog.regtype as name
        from pg_catalog.pg_depend d
        join pg_catalog.pg_extension e on e.oid operator(pg_catalog.=) d.refobjid and e.extname operator(pg_catalog.=) 'pg_authn'
        join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) d.objid and t.typelem operator(pg_catalog.=) 0
        where d.classid operator(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
          and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
          and d.deptype operator(pg_catalog.=) 'e'
    loop
        execute pg_catalog.format('revoke all on type %s from public', v_type.name);
        execute pg_catalog.format('grant usage on type %s to authn_owner, authn_reader', v_type.name);
    end loop;
end
$types$;

-- The expressions that the planner inlines say what authn_rules decided, about every method.
do $methods$
declare
    v_difference record;
begin
    for v_difference in
        select m.method
        from pg_catalog.unnest(pg_catalog.enum_range(null::authn.method)) as m (method)
        left join authn._methods() r on r.method operator(pg_catalog.=) m.method::pg_catalog.text
        where (r.scope operator(pg_catalog.=) authn.method_scope(m.method)::pg_catalog.text) is not true
           or (r.lockable operator(pg_catalog.=) authn.method_lockable(m.method)) is not true
           or (r.registration operator(pg_catalog.=) authn.method_registration(m.method)::pg_catalog.text) is not true
    loop
        raise exception using
            errcode = 'internal_error',
            message = pg_catalog.format('nobody decided about the method %s, or twice differently', v_difference.method);
    end loop;
end
$methods$;
