begin;
\ir helpers/world.psql
select plan(5);

select results_eq(
    $$select app_id, method, status_before, status_after from authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))$$,
    $$values (pg_temp.id('Shop'), 'sms_otp'::authn.method, null::authn.status, 'deactivated'::authn.status)$$,
    'it can be deactivated in an app where it was never used'
);
select is_empty($$select * from authn.contexts where user_id = pg_temp.id('ada')$$, 'which begins no context');
select is(pg_temp.succeed('sms_otp', 'Shop') || ', ' || pg_temp.succeed('sms_otp', 'Wallet'), 'refused, succeeded', 'but blocks it there, and there alone');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop')) \g /dev/null
select is(pg_temp.succeed('sms_otp', 'Shop'), 'succeeded', 'until it is reactivated');
select is(
    pg_temp.error_of($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.enrol('password', 'Shop'), pg_temp.id('Wallet'))$$),
    'AU016 app_id', 'an app-scoped authenticator has to be registered there'
);

select * from finish();
rollback;
