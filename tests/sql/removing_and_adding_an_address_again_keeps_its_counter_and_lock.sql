begin;
\ir helpers/world.psql
select plan(6);

select pg_temp.lock('sms_otp', 'Shop'), pg_temp.fail('email_otp', 'Shop', 2) \g /dev/null
create temp table before as
select c.authenticator_id, c.failures, c.failures_since_success, c.tier, c.locked_since, c.locked_until, c.last_failure_at
from authn_data.contexts c where c.user_id = pg_temp.id('ada');

select authn.update_user(pg_temp.id('ada'), null, null, 'Ada') \g /dev/null
select is_empty(
    $$select * from authn.authenticators where user_id = pg_temp.id('ada')$$, 'the removed are hidden'
);
select is(
    pg_temp.error_of($$select authn.record_attempt(pg_temp.id('ada'), pg_temp.id('email_otp'), pg_temp.id('Shop'), true)$$),
    'AU002 authenticator_id', 'and let nobody in'
);
select authn.update_user(pg_temp.id('ada'), 'ada@example.com', '+4915112345678', 'Ada') \g /dev/null
select bag_eq(
    $$select authenticator_id, failures, failures_since_success, tier, locked_since, locked_until, last_failure_at
      from authn_data.contexts c where c.user_id = pg_temp.id('ada')$$,
    'table before', 'ids, counters and locks are the old ones'
);
select is(pg_temp.overall('sms_otp'), 'locked', 'still locked');
select is(pg_temp.succeed('sms_otp', 'Shop'), 'refused', 'the right code is refused as before');
select is(pg_temp.fail('email_otp', 'Shop') || ', ' || pg_temp.overall('email_otp'), 'failed, locked', 'the next failure is the third');

select * from finish();
rollback;
