begin;
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol('password', 'Shop') \g /dev/null

-- Two attempts of one instant, the first of them wrong: what would a lock at the first failure have refused?
create function pg_temp.refused(wrong text, "right" text) returns bigint
language sql as $$
    select authn.drop_imported_attempts(pg_temp.id('Acme'));
    select authn.import_attempts(pg_temp.id('Acme'), jsonb_agg(jsonb_build_object(
        'external_id', a.name, 'at', '2024-01-01T12:00:00Z', 'user_id', pg_temp.id('ada'), 'method', 'password',
        'app_id', pg_temp.id('Shop'), 'succeeded', a.name = "right"
    ))) from unnest(array["right", wrong]) a (name);
    select s.refused from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 1, "duration": "1 minute"}]') s
$$;

select is(pg_temp.refused('1', '2'), 1::bigint, 'the success whose name comes after the failure');
select is(pg_temp.refused('b', 'C'), 0::bigint, 'byte by byte, where a capital comes first');
select is(
    (select c.collname from pg_attribute a join pg_collation c on c.oid = a.attcollation
     where a.attrelid = 'authn_data.imported_attempts'::regclass and a.attname = 'external_id'),
    'C', 'in a database of any language'
);

select * from finish();
rollback;
