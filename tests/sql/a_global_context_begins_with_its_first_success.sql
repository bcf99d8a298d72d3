-- A failure creates none: nobody can turn a stranger's list into "mixed".
begin;
\ir helpers/world.psql
select plan(8);

select is(pg_temp.fail('sms_otp', 'Shop'), 'failed', 'a global authenticator works in every app that offers its method');
select is_empty($$select * from authn.contexts where user_id = pg_temp.id('ada')$$, 'a failure begins no context');
select is(pg_temp.succeed('sms_otp', 'Shop'), 'succeeded', 'a success');
select results_eq(
    $$select app_name, status, registered_at = last_success_at, last_failure_at from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$values ('Shop', 'active'::authn.status, true, null::timestamptz)$$, 'begins the context at its instant'
);
select is(pg_temp.fail('sms_otp', 'Wallet'), 'failed', 'a failure elsewhere');
select is(pg_temp.overall('sms_otp'), 'active', 'makes nothing mixed');
select pg_temp.enrol('sms_otp', 'Desk') \g /dev/null
select bag_eq(
    $$select app_name, status from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$values ('Shop', 'active'::authn.status), ('Desk', 'registered')$$, 'an explicit registration begins one too'
);
select is(pg_temp.overall('sms_otp'), 'mixed', 'active in one and registered in another is mixed');

select * from finish();
rollback;
