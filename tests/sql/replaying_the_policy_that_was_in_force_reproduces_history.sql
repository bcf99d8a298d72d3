-- Every user's locks, the time that they lasted and what is locked now come out as they happened, and
-- nobody is refused who was not.
begin;
\ir helpers/clock.psql
select set_config('test.clock', (date_trunc('month', clock_timestamp()) - interval '20 days')::text, true) \g /dev/null
\ir helpers/world.psql
select plan(9);

select authn.set_lockout_policy(
    pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "5 minutes"}, {"failures": 5, "duration": "30 minutes"}, {"failures": 8, "duration": "2 hours"}]',
    interval '3 hours', true
) \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 3, "duration": "15 minutes"}]') \g /dev/null

create temp table people as
select n, authn.create_user(pg_temp.id('Acme'), null, '+49 151 2000' || (1000 + n)) as user_id from generate_series(1, 4) n;
select authn.register_authenticator(p.user_id, 'password', pg_temp.id(a)) from people p, unnest('{Shop,Wallet}'::text[]) a \g /dev/null

-- The same numbers each time: attempts, mostly wrong, minutes apart, an unlock now and then.
do $$
declare
    v_at timestamptz := current_setting('test.clock');
    v_number integer;
    v_user uuid;
    v_method authn.method;
    v_app uuid;
begin
    perform setseed(0.42);
    for step in 1..1500 loop
        v_at := v_at + (random() * random() * 16)::integer * interval '1 minute' + interval '1 microsecond';
        perform set_config('test.clock', v_at::text, true);
        v_number := 1 + (step * 7 + (random() * 3)::integer) % 4;
        v_user := (select p.user_id from people p where p.n = v_number);
        v_method := (array['password', 'sms_otp'])[1 + (random() > 0.6)::integer];
        v_app := pg_temp.id((array['Shop', 'Wallet'])[1 + (random() > 0.7)::integer]);
        if random() < 0.05 then
            perform authn.unlock(v_user, v_method, v_app);
        else
            perform authn.record_attempt(
                v_user, (select a.authenticator_id from authn_data.authenticators a where a.user_id = v_user and a.method = v_method),
                v_app, random() < 0.05
            );
        end if;
    end loop;
end
$$;

create view pg_temp.replayed as
select s.* from authn.simulate_lockout_policy(
    pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "5 minutes"}, {"failures": 5, "duration": "30 minutes"}, {"failures": 8, "duration": "2 hours"}]',
    interval '3 hours', true
) s
union all
select s.* from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 3, "duration": "15 minutes"}]') s;
create view pg_temp.happened as
select l.user_id, l.authenticator_id, l.app_id, count(*) as locks,
    sum(least(l.until, l.ended_at, authn._statement_clock()) - l.since) as locked_for
from authn_data.locks l group by 1, 2, 3;

select cmp_ok((select count(*)::integer from authn_data.locks where tier = 3 or cause = 'then_permanent'), '>', 5, 'the history is rich: it reaches the last tier');
select cmp_ok((select count(*)::integer from authn_data.locks where ended_at is not null), '>', 5, 'and has unlocks');
select bag_eq(
    'select user_id, authenticator_id, app_id, locks, locked_for from pg_temp.replayed where locks > 0', 'table pg_temp.happened', 'the same locks, for as long'
);
select is_empty('select * from pg_temp.replayed where refused > 0 or refused_successes > 0', 'nobody is refused who was not');
select bag_eq(
    'select user_id, authenticator_id, app_id, locked_until from pg_temp.replayed where would_be_locked_now',
    'select user_id, authenticator_id, app_id, locked_until from authn.locked_now', 'the same are locked now'
);
select results_eq(
    'select sum(attempts)::bigint from pg_temp.replayed', $$select count(*) from authn_data.events where kind in ('attempt_succeeded', 'attempt_failed')$$,
    'every recorded attempt is replayed'
);

select results_eq(
    $$select locks, locked_for, refused_successes from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 100}]') where locks > 0$$,
    $$select null::bigint, null::interval, null::bigint where false$$, 'a policy that never gets there locks nobody'
);
select results_eq(
    $$select s.attempts, s.locks, s.refused, s.refused_successes
      from authn.summarize_lockout_simulation(pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "1 year"}]') s$$,
    $$select sum(attempts)::bigint, sum(locks)::bigint, sum(refused)::bigint, sum(refused_successes)::bigint
      from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "1 year"}]')$$,
    'the summary adds up'
);
select bag_eq(
    $$select user_id, authenticator_id, app_id from authn.simulate_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 1}]', app_id => pg_temp.id('Wallet'))$$,
    $$select distinct user_id, authenticator_id, app_id from authn_data.events
      where kind in ('attempt_succeeded', 'attempt_failed') and method = 'password' and app_id = pg_temp.id('Wallet')$$,
    'an app can be asked about by itself'
);

select * from finish();
rollback;
