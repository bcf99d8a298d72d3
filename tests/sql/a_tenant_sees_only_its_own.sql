begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(4);

select pg_temp.enrol(method, 'Shop') from authn.methods \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.fail('password', 'Shop') \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('saml'), null, null, 'the provider is gone') \g /dev/null
update authn_data.contexts set registered_at = registered_at - interval '1 year' where method = 'passkey';
select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 3}]') \g /dev/null
\ir helpers/closing.psql

create function pg_temp.rows_of(tenant text) returns table (view_name text, row_count bigint)
language plpgsql as $$
begin
    for view_name in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'authn'::regnamespace and c.relkind = 'v' order by 1
    loop
        execute format('select count(*) from authn.%I where tenant_id = %L', view_name, pg_temp.id(tenant)) into row_count;
        return next;
    end loop;
end
$$;
create temp table views as select * from pg_temp.rows_of('Acme');
grant select on views to public;
select is_empty('select * from views where row_count = 0', 'there is something to see in every view');
select pg_temp.act_as('authn_admin', 'Acme') \g /dev/null
select bag_eq($$select * from pg_temp.rows_of('Acme')$$, 'table views', 'the tenant''s admin sees all of it');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_admin', 'Globex') \g /dev/null
select is_empty($$select * from pg_temp.rows_of('Acme') where row_count > 0$$, 'another tenant''s nothing');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_admin', null) \g /dev/null
select is_empty(
    $$select * from pg_temp.rows_of('Acme') where row_count > 0 union all select * from pg_temp.rows_of('Globex') where row_count > 0$$,
    'and who names no tenant sees nothing at all'
);
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
