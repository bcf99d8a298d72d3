begin;
\ir helpers/world.psql
select plan(3);

drop schema authn_data cascade;
select is(authn.storage_version(), null, 'there is no storage');
select is(
    pg_temp.error_of($$select authn.create_tenant('Acme')$$),
    (select sqlstate from authn.error_catalog() where condition = 'storage_missing'), 'a call says so by its SQLSTATE'
);
select lives_ok('select authn.migrate()', 'migrate() makes it');

select * from finish();
rollback;
