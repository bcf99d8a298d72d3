-- The filter decides the reach, lock by lock, but that a tenant-wide lock is lifted in every app; and nothing
-- but what is locked loses its counters.
begin;
\ir helpers/world.psql
select plan(10);

select pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('pin', 'Shop', 'laptop'), pg_temp.enrol('pin', 'Wallet'),
    pg_temp.enrol('password', 'Shop'), pg_temp.succeed('sms_otp', 'Shop'), pg_temp.succeed('sms_otp', 'Wallet') \g /dev/null
select pg_temp.lock('pin', 'Shop'), pg_temp.lock('pin on laptop', 'Shop'), pg_temp.lock('pin', 'Wallet'),
    pg_temp.lock('sms_otp', 'Shop'), pg_temp.lock('email_otp', 'Desk'), pg_temp.fail('password', 'Shop', 2) \g /dev/null

create function pg_temp.unlocked(filter jsonb, dry_run boolean default true) returns table (what text, app text, before text, after text, in_a_batch boolean)
language sql as $$
    select pg_temp.name_of(u.authenticator_id), pg_temp.name_of(u.app_id), u.status_before::text, u.status_after::text, u.batch_id is not null
    from authn.bulk_unlock(pg_temp.id('Acme'), filter, 'an outage', dry_run) u
$$;

select bag_eq(
    $$select what, app, before, after from pg_temp.unlocked('{"status": "locked"}')$$,
    $$values ('pin', 'Shop', 'locked', 'registered'), ('pin on laptop', 'Shop', 'locked', 'registered'), ('pin', 'Wallet', 'locked', 'registered'),
        ('sms_otp', 'Shop', 'locked', 'active'), ('sms_otp', 'Wallet', 'locked', 'active'), ('email_otp', null, 'locked', 'registered')$$,
    'every lock of the tenant, that of an authenticator without a context too'
);
select bag_eq(
    $$select f.filter, array(select concat_ws(' in ', u.what, u.app) from pg_temp.unlocked(f.filter::jsonb) u order by 1) from (values
        (format('{"app": "%s"}', pg_temp.id('Wallet'))), (format('{"device": "%s"}', pg_temp.id('laptop'))), ('{"method": "email_otp"}'),
        ('{"method": ["email_otp", "totp"]}'), (format('{"user": ["%s"], "method": "email_otp"}', pg_temp.id('ada'))),
        ('{"user": "00000000-0000-0000-0000-000000000000"}'), ('{"status": ["active", "deactivated"]}'), ('{"since": "2000-01-01T00:00:00Z", "method": "email_otp"}'),
        ('{"since": "infinity"}'), ('{"registered_since": "infinity"}'), ('{"last_used_before": "2000-01-01"}')) as f (filter)$$,
    $$values (format('{"app": "%s"}', pg_temp.id('Wallet')), '{pin in Wallet,sms_otp in Shop,sms_otp in Wallet}'::text[]),
        (format('{"device": "%s"}', pg_temp.id('laptop')), '{pin on laptop in Shop}'), ('{"method": "email_otp"}', '{email_otp}'),
        ('{"method": ["email_otp", "totp"]}', '{email_otp}'), (format('{"user": ["%s"], "method": "email_otp"}', pg_temp.id('ada')), '{email_otp}'),
        ('{"user": "00000000-0000-0000-0000-000000000000"}', '{}'),
        ('{"status": ["active", "deactivated"]}', '{}'), ('{"since": "2000-01-01T00:00:00Z", "method": "email_otp"}', '{email_otp}'),
        ('{"since": "infinity"}', '{}'), ('{"registered_since": "infinity"}', '{}'), ('{"last_used_before": "2000-01-01"}', '{}')$$,
    'each condition of the filter filters'
);
select is_empty($$select * from pg_temp.unlocked('{"status": "locked"}') where in_a_batch$$, 'what is only shown is in no batch');
select is(pg_temp.status('pin', 'Shop'), 'locked', 'and nothing was done');

create temp table done as
select * from authn.bulk_unlock(pg_temp.id('Acme'), format('{"app": "%s", "method": "pin"}', pg_temp.id('Shop'))::jsonb, 'an outage', false);
select bag_eq(
    $$select pg_temp.name_of(authenticator_id) as what, pg_temp.name_of(app_id) as app, status_before::text, status_after::text, pg_temp.name_of(device_id) as device from done$$,
    $$values ('pin', 'Shop', 'locked', 'registered', 'phone'), ('pin on laptop', 'Shop', 'locked', 'registered', 'laptop')$$, 'done, it answers as it was shown'
);
select results_eq('select count(distinct batch_id)::integer, count(batch_id)::integer from done', 'values (1, 2)', 'under one batch id');
select bag_eq(
    $$select pg_temp.name_of(authenticator_id), kind::text, status_before::text, status_after::text, reason, details ->> 'batch_id' as batch from authn.events where kind = 'unlocked'$$,
    $$select pg_temp.name_of(authenticator_id), 'unlocked' as kind, 'locked' as before, 'registered' as after, 'an outage' as reason, batch_id::text from done$$, 'which the events carry, with the reason'
);
select bag_eq(
    $$select pg_temp.name_of(authenticator_id) as what, pg_temp.name_of(app_id) as app, failures, status::text from authn.contexts where method in ('pin', 'password')$$,
    $$values ('pin', 'Shop', 0, 'registered'), ('pin on laptop', 'Shop', 0, 'registered'), ('pin', 'Wallet', 5, 'locked'), ('password', 'Shop', 2, 'registered')$$,
    'the counters of what was locked there are clear, and no others'
);
select is_empty($$select * from pg_temp.unlocked(format('{"app": "%s", "method": "pin"}', pg_temp.id('Shop'))::jsonb, false)$$, 'again: nothing to do');
select is(pg_temp.fail('pin', 'Shop'), 'failed', 'and one wrong try does not lock again');

select * from finish();
rollback;
