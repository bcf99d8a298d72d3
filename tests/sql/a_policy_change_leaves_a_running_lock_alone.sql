begin;
\ir helpers/world.psql
select plan(5);

select pg_temp.enrol('password', 'Shop'), pg_temp.lock('password', 'Shop') \g /dev/null
create view pg_temp.lock_shown as
select c.status, c.locked_since, c.locked_until, c.failures, l.policy_source, l.policy_version, l.tier
from authn.contexts c join authn.locked_now l using (authenticator_id) where c.authenticator_id = pg_temp.id('password');
create temp table before as table pg_temp.lock_shown;
select isnt_empty('table before', 'locked by the default');

select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 50, "duration": "1 second"}]') \g /dev/null
select results_eq('table pg_temp.lock_shown', 'table before', 'a laxer policy does not shorten it');
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 1}]') \g /dev/null
select results_eq('table pg_temp.lock_shown', 'table before', 'a stricter one does not lengthen it');
select authn.unset_lockout_policy(pg_temp.id('Acme'), 'password'), authn.disable_method(pg_temp.id('Shop'), 'password'), authn.enable_method(pg_temp.id('Shop'), 'password') \g /dev/null
select results_eq('table pg_temp.lock_shown', 'table before', 'nor does anything else');
select pg_temp.time_passes('15 minutes') \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'registered', 'it ends when it was to end');

select * from finish();
rollback;
