-- Every view of the catalogs, as every role, on a world where both tenants and all apps have rows.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/decisions.psql
select plan(6);

select pg_temp.enrol('pin', app), pg_temp.lock('pin', app) from unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 3, "duration": "1 minute"}]', app_id => pg_temp.id('Wallet')) \g /dev/null
insert into world select 'password of bob', authn.register_authenticator(pg_temp.id('bob'), 'password', pg_temp.id('Store'));
select authn.create_device(pg_temp.id('bob'), 'tablet') \g /dev/null
select authn.record_attempt(pg_temp.id('bob'), pg_temp.id('password of bob'), pg_temp.id('Store'), false) from generate_series(1, 5) \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id(app)) from unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('bob'), pg_temp.id('password of bob'), pg_temp.id('Store')) \g /dev/null
update authn_data.contexts set registered_at = registered_at - interval '1 year' where registered_at is not null;
\ir helpers/closing.psql

-- What a caller sees of a view: rows, and of which tenants and apps.
create temp table seen (caller text, tenant text, view_name text, rows bigint, tenants uuid[], apps uuid[]);
grant all on seen to public;
create function pg_temp.look(caller text, tenant text) returns void
language plpgsql as $$
declare
    v_view record;
begin
    for v_view in
        select d.name,
            exists (select from pg_attribute a where a.attrelid = format('authn.%I', d.name)::regclass and a.attname = 'tenant_id') as has_tenant,
            exists (select from pg_attribute a where a.attrelid = format('authn.%I', d.name)::regclass and a.attname = 'app_id') as has_app
        from view_decisions d
    loop
        execute format(
            'insert into seen select %L, %L, %L, count(*), array_agg(distinct %s), array_agg(distinct %s) from authn.%I',
            caller, tenant, v_view.name, case when v_view.has_tenant then 'tenant_id' else 'null::uuid' end,
            case when v_view.has_app then 'app_id' else 'null::uuid' end, v_view.name
        );
    end loop;
end
$$;
create function pg_temp.look_as(role_name name, tenant text, apps text[], caller text) returns void
language plpgsql as $$
begin
    perform pg_temp.act_as(role_name, tenant, apps);
    perform pg_temp.look(caller, tenant);
    perform pg_temp.act_as_administrator();
end
$$;
select pg_temp.look_as(r.name, t.name, '{}', r.name) from roles r, unnest('{Acme,Globex}'::text[]) t (name) where r.letter in ('r', 's', 'a', 'v') \g /dev/null
select pg_temp.look_as('authn_support', 'Acme', '{Shop}', 'support of Shop') \g /dev/null
select pg_temp.look_as(r.name, null, '{}', r.name) from roles r where r.letter in ('r', 's', 'a', 'v') \g /dev/null

select is_empty(
    $$select s.* from seen s join view_decisions d on d.name = s.view_name
      where s.tenant is not null and d.confined <> 'constant' and s.caller <> 'support of Shop' and s.tenants is distinct from array[pg_temp.id(s.tenant)]$$,
    'each role sees rows of its tenant, in every view, and of no other'
);
select is_empty(
    $$select s.* from seen s join view_decisions d on d.name = s.view_name where s.tenant is null and d.confined <> 'constant' and s.rows > 0$$,
    'without a tenant, nothing'
);
select is_empty(
    $$select s.* from seen s join view_decisions d on d.name = s.view_name
      where s.caller = 'support of Shop' and d.confined in ('tenant', 'tenant and apps') and s.tenants is distinct from array[pg_temp.id('Acme')]$$,
    'confined to an app, still something of the tenant'
);
select is_empty(
    $$select s.* from seen s where s.caller = 'support of Shop' and exists (select from unnest(s.apps) a where a <> pg_temp.id('Shop'))$$,
    'and of no app but that one'
);
select is_empty(
    $$select s.* from seen s join view_decisions d on d.name = s.view_name where s.caller = 'support of Shop' and d.confined = 'whole tenant' and s.rows > 0$$,
    'and nothing that is over all of them'
);
select is_empty(
    $$select s.view_name, count(distinct s.rows) from seen s join view_decisions d on d.name = s.view_name
      where d.confined = 'constant' group by 1 having count(distinct s.rows) > 1 or min(s.rows) = 0$$,
    'what is constant is the same for everybody'
);

select * from finish();
rollback;
