begin;
\ir helpers/world.psql
select plan(5);

create function pg_temp.addresses(who text) returns table (method authn.method, identifier text)
language sql as $$ select a.method, a.identifier from authn.authenticators a where a.user_id = pg_temp.id(who) $$;

select bag_eq(
    $$select * from pg_temp.addresses('ada')$$,
    $$values ('email_otp'::authn.method, 'ada@example.com'), ('email_magic_link', 'ada@example.com'), ('sms_otp', '+4915112345678')$$,
    'a new user has what an email and a phone number bring'
);
insert into world select 'cid', authn.create_user(pg_temp.id('Acme'));
select is_empty($$select * from pg_temp.addresses('cid')$$, 'a user without addresses has none');

select authn.update_user(pg_temp.id('cid'), 'cid@example.com', null, null) \g /dev/null
select bag_eq(
    $$select * from pg_temp.addresses('cid')$$,
    $$values ('email_otp'::authn.method, 'cid@example.com'), ('email_magic_link', 'cid@example.com')$$,
    'setting an address registers'
);
select authn.update_user(pg_temp.id('cid'), 'cid@example.org', '+15551234567', null) \g /dev/null
select bag_eq(
    $$select * from pg_temp.addresses('cid')$$,
    $$values ('email_otp'::authn.method, 'cid@example.org'), ('email_magic_link', 'cid@example.org'), ('sms_otp', '+15551234567')$$,
    'changing it removes the old and registers the new'
);
select authn.update_user(pg_temp.id('cid'), null, null, null) \g /dev/null
select is_empty($$select * from pg_temp.addresses('cid')$$, 'clearing it removes');

select * from finish();
rollback;
