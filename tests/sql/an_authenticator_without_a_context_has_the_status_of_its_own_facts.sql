begin;
\ir helpers/world.psql
select plan(5);

select is(pg_temp.overall('sms_otp'), 'registered', 'registered');
select pg_temp.lock('sms_otp', 'Shop') \g /dev/null
select is(pg_temp.overall('sms_otp'), 'locked', 'locked');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp')) \g /dev/null
select is(pg_temp.overall('sms_otp'), 'deactivated', 'deactivated over it');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp')) \g /dev/null
select authn.suspend_user(pg_temp.id('ada')) \g /dev/null
select is(pg_temp.overall('sms_otp'), 'deactivated', 'suspended over it');
select authn.reinstate_user(pg_temp.id('ada')) \g /dev/null
select pg_temp.time_passes('15 minutes') \g /dev/null
select is(pg_temp.overall('sms_otp'), 'registered', 'and all of it gone');

select * from finish();
rollback;
