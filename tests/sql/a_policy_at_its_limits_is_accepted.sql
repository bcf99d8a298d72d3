begin;
\ir helpers/world.psql
select plan(3);

select lives_ok(
    $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', (
        select jsonb_agg(jsonb_build_object('failures', n * 10, 'duration', n || ' minutes')) from generate_series(1, 10) n
    ), interval '10 minutes 1 second', true)$$, 'ten tiers up to the hard cap, a window just above the longest, then permanent'
);
select lives_ok(
    $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 1, "duration": "1 hour"}]', '1 minute')$$,
    'a simple policy may have a window shorter than its lock'
);
select results_eq(
    $$select tiers, failures_expire_after, then_permanent, source, version from authn.effective_lockout_policy(pg_temp.id('Acme'), 'pin')$$,
    $$values ('[{"failures": 1, "duration": "01:00:00"}]'::jsonb, interval '1 minute', false, 'tenant', 2)$$, 'the last one set holds'
);

select * from finish();
rollback;
