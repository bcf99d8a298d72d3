begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(12);

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop') \g /dev/null

-- A row of attempts of ada's password, a minute apart: f wrong, s right.
create function pg_temp.history(attempts text) returns void
language sql as $$
    select authn.drop_imported_attempts(pg_temp.id('Acme'));
    select authn.import_attempts(pg_temp.id('Acme'), jsonb_agg(jsonb_build_object(
        'external_id', lpad(n::text, 3, '0'), 'at', timestamptz '2024-01-01 12:00Z' + n * interval '1 minute', 'user_id', pg_temp.id('ada'),
        'method', 'password', 'app_id', pg_temp.id('Shop'), 'succeeded', a = 's'
    ))) from unnest(string_to_array(attempts, null)) with ordinality as t (a, n)
$$;
create function pg_temp.tried(tiers jsonb, failures_expire_after interval default null, then_permanent boolean default false) returns text
language sql as $$
    select format('%s locks %s, refused %s of them right %s, now %s', s.locks, s.locked_for, s.refused, s.refused_successes, s.would_be_locked_now)
    from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', tiers, failures_expire_after, then_permanent) s
$$;

select pg_temp.history('ffffs') \g /dev/null
select is(pg_temp.tried('[{"failures": 5, "duration": "15 minutes"}]'), '0 locks 00:00:00, refused 0 of them right 0, now f', 'one try less than locks');
select pg_temp.history('ffffffs') \g /dev/null
select is(pg_temp.tried('[{"failures": 5, "duration": "15 minutes"}]'), '1 locks 00:15:00, refused 2 of them right 1, now f', 'a success under the lock would have been refused');
select is(
    pg_temp.tried('[{"failures": 3, "duration": "1 minute"}, {"failures": 5, "duration": "10 minutes"}]'),
    '2 locks 00:11:00, refused 2 of them right 1, now f', 'tiers escalate, and an end is over at its instant'
);
select matches(pg_temp.tried('[{"failures": 5}]'), 'now t$', 'without a duration it would be locked now');
select is(
    (select s.locked_for = authn._statement_clock() - timestamptz '2024-01-01 12:05Z'
     from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 5}]') s),
    true, 'and has been since'
);
select is(
    (select s.attempts::integer from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 5}]', since => '2024-01-01 12:06Z') s),
    2, 'only from an instant on'
);

select is(pg_temp.error_of(format($$select authn.simulate_lockout_policy(%L, 'password', '[{"failures": 0}]')$$, pg_temp.id('Acme'))), 'AU008 tiers[0].failures', 'a bad policy is refused as it would be when set');
select is(pg_temp.error_of(format($$select authn.simulate_lockout_policy(%L, 'passkey', '[{"failures": 5}]')$$, pg_temp.id('Acme'))), 'AU007 method', 'and a method that cannot lock');
select is(pg_temp.error_of(format($$select authn.simulate_lockout_policy(%L, 'sms_otp', '[{"failures": 5}]', app_id => %L)$$, pg_temp.id('Acme'), pg_temp.id('Shop'))), 'AU009 app_id', 'and a policy per app of a global method');

select pg_temp.act_as('authn_reader') \g /dev/null
select is(pg_temp.tried('[{"failures": 5, "duration": "15 minutes"}]'), '1 locks 00:15:00, refused 2 of them right 1, now f', 'a reader may try');
select is(pg_temp.error_of(format($$select authn.simulate_lockout_policy(%L, 'password', '[{"failures": 5}]')$$, pg_temp.id('Globex'))), 'AU012 tenant_id', 'in his own tenant');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_support', apps => '{Wallet}') \g /dev/null
select is(pg_temp.error_of(format($$select authn.simulate_lockout_policy(%L, 'password', '[{"failures": 5}]')$$, pg_temp.id('Acme'))), 'AU010 app_id', 'support that is confined to an app names it');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
