-- A lock without an end was computed from the durations, and where they were left empty there was no lock at all, or
-- one that was over at once. Here it needs no timing setting, for any lockable method.
begin;
\ir ../helpers/world.psql
select plan(6);

select authn.set_lockout_policy(pg_temp.id('Acme'), method, '[{"failures": 2}]') from authn.methods where lockable \g /dev/null
select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create view pg_temp.shown as select method, status::text, locked_until from authn.contexts where user_id = pg_temp.id('ada');
select bag_eq('table pg_temp.shown', $$select method, 'locked' as status, 'infinity'::timestamptz as until from authn.methods where lockable$$, 'locked for good');
select bag_eq(
    $$select method, locked_until from authn.locked_now where user_id = pg_temp.id('ada')$$,
    $$select method, 'infinity'::timestamptz as locked_until from authn.methods where lockable$$, 'for whoever asks who is locked'
);
select pg_temp.time_passes('100 years') \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'locked'$$, 'a hundred years later too');
select bag_eq(
    $$select m.method, r.outcome, r.locked_until, b.decision, b.retry_at
      from authn.methods m,
        authn.record_attempt(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop'), true) r,
        authn.begin_attempt(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop')) b
      where m.lockable$$,
    $$select method, 'refused' as outcome, 'infinity'::timestamptz as locked_until, 'locked' as decision, 'infinity'::timestamptz as retry_at
      from authn.methods where lockable$$,
    'the right secret is refused, and told that there is no end'
);
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select is_empty($$select method from authn.methods where lockable and pg_temp.succeed(method::text, 'Shop') <> 'succeeded'$$, 'until an admin unlocks');
select is_empty($$select * from pg_temp.shown where status <> 'active'$$, 'and then it is as ever');

select * from finish();
rollback;
