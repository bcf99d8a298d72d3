-- Every function there is, the product's own too, called by a reader with ids that exist: through the
-- gateway and with a login of his own. Not a row of a table is new, gone or another version afterwards.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/decisions.psql
\ir helpers/calls.psql
select plan(5);

select pg_temp.enrol('pin', 'Shop'), pg_temp.lock('pin', 'Shop') \g /dev/null
insert into ids values
    ('own', 'tenant_id', pg_temp.id('Acme')), ('own', 'app_id', pg_temp.id('Shop')), ('own', 'user_id', pg_temp.id('ada')),
    ('own', 'device_id', pg_temp.id('phone')), ('own', 'authenticator_id', pg_temp.id('pin')), ('own', 'attempt_id', gen_random_uuid()),
    ('own', 'batch_id', gen_random_uuid());

create function pg_temp.versions() returns table (table_name text, row_versions text)
language plpgsql as $$
begin
    for table_name in select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'r' loop
        execute format('select count(*) || '' '' || coalesce(md5(string_agg(concat_ws('' '', t.ctid, t.xmin, t), '' '' order by t.ctid)), '''') from %s t', table_name)
        into row_versions;
        return next;
    end loop;
end
$$;

-- What the product keeps for itself takes arguments that only it can make: null stands for those, as a
-- question, or the call of a strict function would be planned away before anybody's right is asked for.
create temp table statements as
select p.proname::text as name, coalesce(
    pg_temp.call_of(p.oid, 'own'),
    format('select authn.%I(%s)', p.proname, (select string_agg(coalesce(pg_temp.argument(a.name, a.type, 'own'), case when a.name = 'variadic' then 'variadic ' else '' end || '(select null::' || format_type(a.type, null) || ')'), ', ' order by a.place) from pg_temp.arguments_of(p.oid) a))
) as statement
from pg_proc p where p.pronamespace = 'authn'::regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype;
-- No value of the type internal can be written down (42846): what takes one is called by an aggregate only.
create temp table answers (caller text, name text, answer text);
grant all on statements, answers to public;
create temp table before as select * from pg_temp.versions();

select pg_temp.act_as('authn_reader') \g /dev/null
insert into answers select 'gateway', s.name, pg_temp.error_of(s.statement) from statements s;
select pg_temp.act_as_administrator() \g /dev/null
create role tap_reader login in role authn_reader;
insert into authn_data.role_bindings (role_name, tenant_id, access, bound_by) values ('tap_reader', pg_temp.id('Acme'), 'authn_reader', 'test');
create temp table before_login as select * from pg_temp.versions();
select pg_temp.log_in_as('tap_reader') \g /dev/null
insert into answers select 'login', s.name, pg_temp.error_of(s.statement) from statements s;
select pg_temp.act_as_administrator() \g /dev/null

select is_empty(
    $$table pg_temp.before_login except select * from pg_temp.versions()$$, 'with a login of his own, nothing is written'
);
select is_empty(
    $$select * from before except select * from before_login where table_name <> 'authn_data.role_bindings' except select * from before where table_name = 'authn_data.role_bindings'$$,
    'nor through the gateway'
);
select is_empty(
    $$select a.* from answers a join function_decisions d using (name) where d.roles !~ 'r' and a.answer !~ '^(42501|0A000|42846)'$$,
    'what is not for him he has no right to call'
);
select is_empty(
    $$select a.* from answers a join function_decisions d using (name) where d.roles ~ 'r' and a.answer ~ '^42501'$$, 'what is for him he may'
);
select is_empty(
    $$select a.caller, a.name from answers a join pg_proc p on p.proname = a.name and p.pronamespace = 'authn'::regnamespace
      join function_decisions d on d.name = a.name where d.roles ~ 'r' and p.provolatile = 'v'$$,
    'and none of that could write'
);

select * from finish();
rollback;
