-- Each spelling of an address, in capitals or with a blank behind it, had a counter of its own, and so N guesses.
begin;
\ir ../helpers/world.psql
select plan(6);

select results_eq(
    $$select distinct authn.canonical_email(e) from unnest(array['ada@example.com', 'ADA@Example.COM', '  Ada@example.com ', E'ada@example.com\t']) e$$,
    $$values ('ada@example.com')$$, 'an email in every case and with white space around it is one'
);
select results_eq(
    $$select distinct authn.canonical_phone(p) from unnest(array['+4915112345678', '004915112345678', '+49 151 123 456 78', '+49 (151) 1234-5678', '+49 (0)151/12345678', ' +49.151.12345678 ']) p$$,
    $$values ('+4915112345678')$$, 'a phone number with 00 or +, spaces, dots, dashes and (0) is one'
);

select pg_temp.fail('email_otp', 'Shop', 2), pg_temp.fail('sms_otp', 'Shop') \g /dev/null
create temp table before as
select authenticator_id, registered_at from authn.authenticators where user_id = pg_temp.id('ada');
select authn.update_user(pg_temp.id('ada'), ' ADA@EXAMPLE.COM ', '0049 (0)151 12345678', 'Ada') \g /dev/null
select bag_eq(
    $$select authenticator_id, registered_at from authn.authenticators where user_id = pg_temp.id('ada')$$, 'table before',
    'another spelling registers nothing new'
);
select is_empty(
    $$select * from authn.events where user_id = pg_temp.id('ada') and kind = 'removed'$$, 'and removes nothing'
);
select is(pg_temp.fail('email_otp', 'Shop'), 'failed', 'it counts on');
select is(pg_temp.status('email_otp', 'Shop') is null and pg_temp.overall('email_otp') = 'locked', true, 'to the same lock');

select * from finish();
rollback;
