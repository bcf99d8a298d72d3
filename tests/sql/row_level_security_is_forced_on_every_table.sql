begin;
select plan(6);

select isnt_empty($$select 1 from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'p'$$, 'there are tables, partitioned ones too');
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)$$, 'also for their owner, also on each partition'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_policy p where p.polrelid = c.oid)$$, 'and each has its policy'
);
create view pg_temp.policies_of_owner as
select p.polrelid, p.polpermissive, pg_get_expr(p.polqual, p.polrelid) as expression
from pg_policy p where p.polroles @> array(select r.oid from pg_roles r where r.rolname = 'authn_owner');
create view pg_temp.columns as
select c.oid, c.relname::text as table_name, a.attname::text as column_name
from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = 'authn_data'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition;
-- Bindings are where the tenant is found.
select is_empty(
    $$select table_name from pg_temp.columns c where column_name = 'tenant_id' and table_name <> 'role_bindings'
      and (not exists (select from pg_temp.policies_of_owner p where p.polrelid = c.oid and p.polpermissive)
        or exists (select from pg_temp.policies_of_owner p where p.polrelid = c.oid and p.polpermissive and p.expression !~ 'tenant_id = .*(visible_tenants|current_tenant)\('))$$,
    'what belongs to a tenant is confined to the caller''s'
);
-- Reservations are reached by login services and by actions on a lock domain, of which neither is confined by them.
select is_empty(
    $$select table_name from pg_temp.columns c where column_name = 'app_id' and table_name <> 'reservations'
      and not exists (select from pg_temp.policies_of_owner p where p.polrelid = c.oid and not p.polpermissive and p.expression ~ 'app_id = .*current_apps\(')$$,
    'what belongs to an app also to the caller''s apps'
);
select is_empty(
    $$select c.oid::regclass from pg_class c where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace) and c.relkind = 'v'
      and c.relowner <> 'authn_owner'::regrole$$, 'every view looks through the owner''s eyes, whose rows are confined'
);

select * from finish();
rollback;
