-- Every new code came with a fresh counter: two guesses, another code, two guesses, without end. Here nothing but
-- time, an unlock or a success clears it: no new challenge, no enrolling again, no taking the number off and back on.
begin;
\ir ../helpers/world.psql
select plan(6);

create view pg_temp.counted as
select c.failures from authn_data.contexts c where c.authenticator_id = pg_temp.id('sms_otp') and c.app_id is null;
select pg_temp.fail('sms_otp', 'Shop') \g /dev/null

create temp table begun as
select b.* from authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop')) b;
select is((select decision from begun), 'admitted', 'a new challenge');
select results_eq('table pg_temp.counted', 'values (1)', 'counts on');
select is(
    authn.register_authenticator(pg_temp.id('ada'), 'sms_otp', pg_temp.id('Shop'), identifier => '+49 151 12345678'),
    pg_temp.id('sms_otp'), 'the same number, enrolled again, is the same authenticator'
);
select authn.complete_attempt(pg_temp.id('ada'), attempt_id, false) from begun \g /dev/null
select authn.update_user(pg_temp.id('ada'), 'ada@example.com', null, 'Ada') \g /dev/null
select authn.update_user(pg_temp.id('ada'), 'ada@example.com', '+49 151 12345678', 'Ada') \g /dev/null
select results_eq('table pg_temp.counted', 'values (2)', 'off the profile and back on: two failures');
select is(pg_temp.fail('sms_otp', 'Shop'), 'failed', 'the third');
select is(pg_temp.overall('sms_otp'), 'locked', 'locks');

select * from finish();
rollback;
