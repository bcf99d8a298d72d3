-- Attempts without a user, or for one who does not exist, were counted on an entry that all of them shared, and
-- locked whoever came by it.
begin;
\ir ../helpers/world.psql
select plan(2);

select pg_temp.enrol('password', 'Shop') \g /dev/null
create view pg_temp.facts as select * from authn_data.contexts;
create temp table before as table pg_temp.facts;
select results_eq(
    $$select who, pg_temp.error_of(format('select authn.record_attempt(%s, %s, %s, %s)', usr, auth, app, succeeded)) from (values
        (1, 'null', 'pg_temp.id(''password'')', 'pg_temp.id(''Shop'')', 'false'),
        (2, 'gen_random_uuid()', 'pg_temp.id(''password'')', 'pg_temp.id(''Shop'')', 'false'),
        (3, 'pg_temp.id(''bob'')', 'pg_temp.id(''password'')', 'pg_temp.id(''Shop'')', 'false'),
        (4, 'pg_temp.id(''ada'')', 'null', 'pg_temp.id(''Shop'')', 'false'),
        (5, 'pg_temp.id(''ada'')', 'gen_random_uuid()', 'pg_temp.id(''Shop'')', 'false'),
        (6, 'pg_temp.id(''ada'')', 'pg_temp.id(''password'')', 'null', 'false'),
        (7, 'pg_temp.id(''ada'')', 'pg_temp.id(''password'')', 'gen_random_uuid()', 'false'),
        (8, 'pg_temp.id(''ada'')', 'pg_temp.id(''password'')', 'pg_temp.id(''Shop'')', 'null')
      ) as wrong (who, usr, auth, app, succeeded)$$,
    $$values (1, 'AU001 user_id'), (2, 'AU001 user_id'), (3, 'AU003 app_id'), (4, 'AU002 authenticator_id'), (5, 'AU002 authenticator_id'),
        (6, 'AU003 app_id'), (7, 'AU003 app_id'), (8, 'AU017 succeeded')$$,
    'each wrong id is named'
);
select bag_eq('table pg_temp.facts', 'table before', 'and nothing is counted');

select * from finish();
rollback;
