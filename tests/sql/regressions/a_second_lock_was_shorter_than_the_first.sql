-- The second lock was measured from the first one's beginning, or took over what was left of it: it was over at
-- once. Here each lock has its full duration from its own beginning, for every lockable method.
begin;
\ir ../helpers/world.psql
select plan(4);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 2, "duration": "10 minutes"}, {"failures": 4, "duration": "30 minutes"}]') \g /dev/null
select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create temp table first_lock as select method, locked_since, locked_until from authn.contexts where user_id = pg_temp.id('ada');
select pg_temp.time_passes('1 hour') \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create view pg_temp.shown as
select c.method, c.status::text, c.locked_until - c.locked_since as duration from authn.contexts c where c.user_id = pg_temp.id('ada');
select bag_eq(
    'table pg_temp.shown',
    $$select method, 'locked' as status, case when method = 'pin' then interval '30 minutes' else interval '15 minutes' end as duration
      from authn.methods where lockable$$,
    'the full duration, of a later tier that tier''s'
);
select is_empty(
    $$select * from authn.contexts c join first_lock f using (method) where c.user_id = pg_temp.id('ada') and c.locked_since < f.locked_until - interval '1 hour'$$,
    'from an instant after the first lock had ended'
);
select bag_eq(
    $$select method, locked_until - locked_since from authn.locked_now where user_id = pg_temp.id('ada')$$, 'select method, duration from pg_temp.shown', 'one lock each, as long'
);
select pg_temp.time_passes('14 minutes 59 seconds') \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'locked'$$, 'and in force until its last second');

select * from finish();
rollback;
