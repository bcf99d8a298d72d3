begin;
\ir helpers/world.psql
select plan(6);

select pg_temp.succeed('sms_otp', 'Shop') \g /dev/null
create view pg_temp.shown as select u.status::text, c.status::text as in_shop from authn.users u join authn.contexts c using (user_id) where u.user_id = pg_temp.id('ada');
select authn.suspend_user(pg_temp.id('ada'), clock_timestamp() + interval '1 day', 'holiday') \g /dev/null
select results_eq('table pg_temp.shown', $$values ('suspended', 'deactivated')$$, 'suspended');
select is_empty($$select authn.suspend_user(pg_temp.id('ada'), (select suspended_until from authn.users where user_id = pg_temp.id('ada')))$$, 'again: no rows');
select pg_temp.time_passes('1 day') \g /dev/null
select results_eq('table pg_temp.shown', $$values ('active', 'active')$$, 'over at its end');
select is_empty($$select authn.reinstate_user(pg_temp.id('ada'))$$, 'there is nothing to reinstate');
select results_eq(
    $$select suspended_since, suspended_until, suspension_reason from authn.users where user_id = pg_temp.id('ada')$$,
    'values (null::timestamptz, null::timestamptz, null::text)', 'and nothing to see'
);
select is(pg_temp.error_of($$select authn.suspend_user(pg_temp.id('ada'), '2020-01-01')$$), 'AU017 until', 'an end in the past is refused');

select * from finish();
rollback;
