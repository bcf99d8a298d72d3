-- Every lockable method, under its default policy.
begin;
\ir helpers/world.psql
select plan(4);

create temp table specified (method authn.method, failures integer, duration interval, failures_expire_after interval);
insert into specified values
    ('password', 5, '15 minutes', '15 minutes'),
    ('totp', 5, '15 minutes', '15 minutes'),
    ('pin', 5, '15 minutes', '15 minutes'),
    ('sms_otp', 3, '15 minutes', null),
    ('email_otp', 3, '15 minutes', null);

select bag_eq(
    $$select m.method, (p.tiers -> 0 ->> 'failures')::integer, (p.tiers -> 0 ->> 'duration')::interval, p.failures_expire_after,
        jsonb_array_length(p.tiers) as tiers, p.then_permanent, p.hard_cap, p.source, p.version
      from authn.methods m, authn.effective_lockout_policy(pg_temp.id('Acme'), m.method) p where m.lockable$$,
    $$select *, 1 as tiers, false as then_permanent, 100 as hard_cap, 'default' as source, 0 as version from specified$$,
    'when nothing is configured: never "no lockout"'
);
select pg_temp.enrol(method, 'Shop') from specified \g /dev/null
select pg_temp.fail(method::text, 'Shop', failures - 1) from specified \g /dev/null
select bag_eq(
    $$select method, status::text, failures from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select method, 'registered' as status, failures - 1 from specified$$, 'one before, nothing is locked'
);
select bag_eq(
    $$select s.method, o.outcome, o.status::text, o.failures, o.locked_until > clock_timestamp() as is_locked
      from specified s, authn.record_attempt(pg_temp.id('ada'), pg_temp.id(s.method::text), pg_temp.id('Shop'), false) o$$,
    $$select method, 'failed' as outcome, 'locked' as status, failures, true as is_locked from specified$$,
    'the Nth locks'
);
select bag_eq(
    $$select method, failures, locked_until - locked_since as duration, status::text from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select method, failures, duration, 'locked' as status from specified$$, 'for the duration of the policy'
);

select * from finish();
rollback;
