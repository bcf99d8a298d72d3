-- And never brings an end forward: what is blocked longer already is left alone.
begin;
\ir helpers/world.psql
select plan(9);

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('password', 'Wallet'), pg_temp.enrol('totp', 'Shop'), pg_temp.succeed('sms_otp', 'Shop') \g /dev/null
select pg_temp.lock('password', 'Wallet') \g /dev/null

create function pg_temp.blocked(filter jsonb, until timestamptz default null, dry_run boolean default false) returns table (what text, app text, before text, after text)
language sql as $$
    select pg_temp.name_of(d.authenticator_id), pg_temp.name_of(d.app_id), d.status_before::text, d.status_after::text
    from authn.bulk_deactivate(pg_temp.id('Acme'), filter, 'a breach', until, dry_run) d
$$;
create function pg_temp.in_shop(method text) returns jsonb
language sql as $$ select jsonb_build_object('app', pg_temp.id('Shop'), 'method', method) $$;

select bag_eq(
    $$select * from pg_temp.blocked('{"method": ["password", "email_otp"]}', dry_run => true)$$,
    $$values ('password', 'Shop', 'registered', 'deactivated'), ('password', 'Wallet', 'locked', 'deactivated'), ('email_otp', null, 'registered', 'deactivated')$$,
    'without an app: each authenticator in all of its contexts, and one that has none'
);
select is(pg_temp.status('password', 'Shop'), 'registered', 'shown, not done');
select bag_eq(
    $$select * from pg_temp.blocked(pg_temp.in_shop('password'), 'tomorrow')$$, $$values ('password', 'Shop', 'registered', 'deactivated')$$, 'with an app: there alone'
);
select bag_eq(
    $$select app_name, status::text, deactivated_until = 'tomorrow', reason from authn.contexts where method = 'password'$$,
    $$values ('Shop', 'deactivated', true, 'deactivated in this app: a breach'), ('Wallet', 'locked', null, 'locked after 5 failures')$$, 'until the instant, with the reason'
);
select bag_eq(
    $$select u, (select count(*)::integer from pg_temp.blocked(pg_temp.in_shop('password'), u::timestamptz, true)) from unnest('{tomorrow,infinity}'::text[]) u$$,
    $$values ('tomorrow', 0), ('infinity', 1)$$, 'it moves an end away, and never nearer'
);
create temp table everywhere as
select * from authn.bulk_deactivate(pg_temp.id('Acme'), '{"method": ["password", "sms_otp", "totp"]}', 'a breach', dry_run => false);
select bag_eq(
    $$select pg_temp.overall(m), m as method from unnest('{password,sms_otp,totp}'::text[]) m$$, $$select 'deactivated' as status, m from unnest('{password,sms_otp,totp}'::text[]) m$$,
    'everywhere, several of one user at once'
);
select bag_eq(
    $$select pg_temp.name_of(authenticator_id) as what, pg_temp.name_of(app_id) as app, status_before::text, status_after::text, details ->> 'batch_id' as batch from authn.events
      where kind = 'deactivated' and app_id is null$$,
    $$select n, null as app, s, 'deactivated' as after, (select min(batch_id::text) from everywhere) as batch from (values ('password', 'mixed'), ('sms_otp', 'active'), ('totp', 'registered')) as x (n, s)$$,
    'one event for each, that carry the batch'
);
select is_empty(
    $$select * from (select e.user_id, e.domain_id, count(*) as events, max(e.number) as latest from authn_data.events e group by 1, 2) x where events <> latest$$,
    'and the numbers of the log have no gap'
);
select is(pg_temp.attempt('password', 'Shop', true), 'refused', 'nobody gets in');

select * from finish();
rollback;
