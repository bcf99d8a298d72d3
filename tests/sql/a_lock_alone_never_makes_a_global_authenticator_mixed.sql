begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.succeed(m, app) from unnest('{sms_otp,email_otp}'::text[]) m, unnest('{Shop,Wallet,Desk}'::text[]) app \g /dev/null
select pg_temp.lock('sms_otp', 'Wallet') \g /dev/null
select bag_eq(
    $$select app_name, status::text, failures from authn.contexts where user_id = pg_temp.id('ada') and method = 'sms_otp'$$,
    $$values ('Shop', 'locked', 3), ('Wallet', 'locked', 3), ('Desk', 'locked', 3)$$, 'locked in one app, locked in all'
);
select is(pg_temp.overall('sms_otp'), 'locked', 'and so as a whole');
select is(pg_temp.overall('email_otp'), 'active', 'the user''s other authenticators go on');
select pg_temp.enrol('sms_otp', 'Shop'), pg_temp.time_passes('15 minutes') \g /dev/null
select is(pg_temp.overall('sms_otp'), 'active', 'after the lock as before it');

select * from finish();
rollback;
