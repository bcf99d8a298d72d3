begin;
select plan(4);

-- What a test rolled back may have left room in the default partition, which is tidied once.
select authn.migrate() \g /dev/null

create view pg_temp.objects as
select c.oid::bigint, c.relname, c.xmin::text as row_version, c.relfilenode::bigint from pg_class c where c.relnamespace in ('authn'::regnamespace, 'authn_data'::regnamespace);
create temp table before as table pg_temp.objects;
create temp table versions as select * from authn_data.schema_version;

select results_eq('select authn.migrate()', 'select authn.version()', 'it answers the version');
select results_eq('select authn.migrate()', 'select authn.storage_version()', 'again and again');
select bag_eq('table pg_temp.objects', 'table before', 'and touches no object');
select results_eq('select * from authn_data.schema_version', 'select * from versions', 'each version is recorded once');

select * from finish();
rollback;
