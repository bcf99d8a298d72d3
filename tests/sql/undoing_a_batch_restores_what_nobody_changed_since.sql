-- A lock until its old end with its counters, a deactivation as it was before; what somebody tried, unlocked
-- or reactivated since stays theirs.
begin;
\ir helpers/world.psql
select plan(14);

create function pg_temp.undone(batch_id uuid) returns table (what text, app text, before text, after text)
language sql as $$
    select pg_temp.name_of(u.authenticator_id), pg_temp.name_of(u.app_id), u.status_before::text, u.status_after::text
    from authn.undo_batch(pg_temp.id('Acme'), undone.batch_id, 'a mistake') u
$$;
create temp table batches (name text, batch_id uuid);

select pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('pin', 'Shop', 'laptop'), pg_temp.enrol('password', 'Shop'), pg_temp.enrol('totp', 'Shop'),
    pg_temp.succeed('sms_otp', 'Shop') \g /dev/null
select pg_temp.lock('pin', 'Shop'), pg_temp.lock('pin on laptop', 'Shop'), pg_temp.lock('password', 'Shop'), pg_temp.lock('sms_otp', 'Shop') \g /dev/null
create temp table before as
select c.user_id, c.context_id, c.failures, c.failures_since_success, c.tier, c.locked_until from authn_data.contexts c where c.locked_until is not null;

insert into batches select distinct 'unlock', batch_id from authn.bulk_unlock(pg_temp.id('Acme'), '{"status": "locked"}', 'an outage', false);
select pg_temp.fail('pin on laptop', 'Shop'), pg_temp.succeed('password', 'Shop') \g /dev/null
create temp table undone as select * from pg_temp.undone((select batch_id from batches where name = 'unlock'));
select bag_eq(
    'select * from undone', $$values ('pin', 'Shop', 'registered', 'locked'), ('sms_otp', 'Shop', 'active', 'locked')$$, 'what was locked and nobody has tried since is locked again'
);
select bag_eq(
    $$select c.user_id, c.context_id, c.failures, c.failures_since_success, c.tier, c.locked_until from authn_data.contexts c where c.locked_until is not null$$,
    $$select b.* from before b join authn_data.contexts c using (user_id, context_id)
      where c.authenticator_id in (pg_temp.id('pin'), pg_temp.id('sms_otp'))$$,
    'until its old end, with its counters'
);
select bag_eq(
    $$select pg_temp.name_of(authenticator_id), status::text from authn.contexts where method in ('pin', 'password')$$,
    $$values ('pin', 'locked'), ('pin on laptop', 'registered'), ('password', 'active')$$, 'a failure and a success since then stay'
);
select is(pg_temp.attempt('pin', 'Shop', true), 'refused', 'a lock that is back refuses');
select bag_eq(
    $$select pg_temp.name_of(authenticator_id), reason, details ->> 'undoes' as undoes, details ? 'batch_id' as in_a_batch from authn.events where kind = 'locked' and details ? 'undoes'$$,
    $$select n, 'a mistake' as reason, (select batch_id::text from batches where name = 'unlock'), true as in_a_batch from unnest('{pin,sms_otp}'::text[]) n$$, 'the log tells of it'
);
select is_empty($$select * from pg_temp.undone((select batch_id from batches where name = 'unlock'))$$, 'again: nothing to do');
select is(
    (select authn.status_at(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'), b.at) from authn_data.batches b where b.action = 'unlock')::text, 'registered',
    'history keeps that it was unlocked between'
);

select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop'), 'tomorrow', 'on leave') \g /dev/null
insert into batches select distinct 'here', batch_id from authn.bulk_deactivate(pg_temp.id('Acme'), jsonb_build_object('app', pg_temp.id('Shop')), 'a breach', dry_run => false);
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop')) \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop')) \g /dev/null
select bag_eq(
    $$select * from pg_temp.undone((select batch_id from batches where name = 'here'))$$,
    $$values ('pin', 'Shop', 'deactivated', 'locked'), ('pin on laptop', 'Shop', 'deactivated', 'registered'), ('sms_otp', 'Shop', 'deactivated', 'locked'),
        ('totp', 'Shop', 'deactivated', 'deactivated')$$,
    'what was deactivated in the app is what its other facts make it'
);
select bag_eq(
    $$select pg_temp.name_of(authenticator_id), deactivated_until = 'tomorrow', reason from authn.contexts where deactivated_until is not null$$,
    $$values ('totp', true, 'deactivated in this app: on leave'), ('password', false, 'deactivated in this app')$$, 'a deactivation that was there before is back, a later one stays'
);

insert into batches select distinct 'everywhere', batch_id from authn.bulk_deactivate(pg_temp.id('Acme'), '{"method": ["pin", "email_otp"]}', 'a breach', dry_run => false);
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin on laptop')) \g /dev/null
select bag_eq(
    $$select * from pg_temp.undone((select batch_id from batches where name = 'everywhere'))$$,
    $$values ('pin', 'Shop', 'deactivated', 'locked'), ('email_otp', null, 'deactivated', 'registered')$$, 'and everywhere'
);
select is_empty(
    $$select * from (select e.user_id, e.domain_id, count(*) as events, max(e.number) as latest from authn_data.events e group by 1, 2) x where events <> latest$$,
    'the numbers of the log have no gap'
);
select is(
    pg_temp.error_of($$select authn.undo_batch(pg_temp.id('Acme'), (select min(b.batch_id::text)::uuid from authn_data.batches b where b.action = 'undo'), 'no')$$), 'AU017 batch_id',
    'an undo is not undone'
);

select authn.bulk_unlock(pg_temp.id('Acme'), '{"method": "sms_otp"}', 'an outage', false) \g /dev/null
insert into batches select 'late', b.batch_id from authn_data.batches b where b.action = 'unlock' order by b.at desc limit 1;
update authn_data.locks set since = since - interval '1 hour', until = until - interval '1 hour' where method = 'sms_otp';
select is_empty($$select * from pg_temp.undone((select batch_id from batches where name = 'late'))$$, 'a lock that would have run out meanwhile does not come back');
select is(pg_temp.status('sms_otp', 'Shop'), 'active', 'and its user stays free');

select * from finish();
rollback;
