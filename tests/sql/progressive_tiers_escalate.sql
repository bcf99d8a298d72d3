-- The count carries on across tier locks; each lock is for its tier's duration.
begin;
\ir helpers/world.psql
select plan(3);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'password',
    '[{"failures": 3, "duration": "1 minute"}, {"failures": 5, "duration": "10 minutes"}, {"failures": 6, "duration": "1 hour"}]') \g /dev/null
select pg_temp.enrol('password', 'Shop') \g /dev/null

create temp table seen (failure integer, status text, duration interval);
do $$
begin
    for n in 1..8 loop
        perform pg_temp.fail('password', 'Shop');
        insert into seen
        select n, authn.status_rule(clock_timestamp(), null, c.locked_until, null), c.locked_until - c.locked_since
        from authn_data.contexts c where c.authenticator_id = pg_temp.id('password');
        perform pg_temp.time_passes('1 hour');
    end loop;
end
$$;
select results_eq(
    'table seen',
    $$values
        (1, 'registered', null::interval),
        (2, 'registered', null),
        (3, 'locked', '1 minute'),
        (4, 'registered', null),
        (5, 'locked', '10 minutes'),
        (6, 'locked', '1 hour'),
        (7, 'locked', '1 hour'),
        (8, 'locked', '1 hour')$$,
    'each tier at its total; after the last, every further failure for the last tier''s duration'
);
select results_eq(
    $$select (details ->> 'tier')::integer, (details ->> 'failures')::integer, details ->> 'cause', details ->> 'policy_source', (details ->> 'policy_version')::integer
      from authn.events where authenticator_id = pg_temp.id('password') and kind = 'locked' order by number$$,
    $$values (1, 3, 'tier', 'tenant', 1), (2, 5, 'tier', 'tenant', 1), (3, 6, 'tier', 'tenant', 1), (3, 7, 'tier', 'tenant', 1), (3, 8, 'tier', 'tenant', 1)$$,
    'exactly one locked event per threshold, with tier, policy and version'
);
select pg_temp.succeed('password', 'Shop'), pg_temp.fail('password', 'Shop', 2) \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'active', 'a success goes back to the beginning');

select * from finish();
rollback;
