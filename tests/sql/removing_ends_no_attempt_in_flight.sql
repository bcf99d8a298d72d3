-- Removing and adding an address again is no way to more guesses: what was begun counts when it runs out.
begin;
\ir helpers/world.psql
select plan(4);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 2, "duration": "1 hour"}]') \g /dev/null
create temp table begun as
select * from authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))
union all select * from authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'));
select authn.update_user(pg_temp.id('ada'), 'ada@example.com', null, 'Ada') \g /dev/null
select results_eq(
    $$select distinct c.outcome from begun, lateral authn.complete_attempt(pg_temp.id('ada'), attempt_id, true) c$$, $$values ('not_available')$$,
    'an attempt with what is gone is answered as such'
);
select authn.update_user(pg_temp.id('ada'), 'ada@example.com', '+49 151 12345678', 'Ada') \g /dev/null
select is(
    (authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))).decision, 'busy', 'its slot is not free again'
);
select pg_temp.time_passes('1 minute') \g /dev/null
select is(
    (authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))).decision, 'locked', 'and it counted when it ran out'
);
select is(
    (select count(*)::integer from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_failed' and details ? 'abandoned'), 2,
    'which the log tells'
);

select * from finish();
rollback;
