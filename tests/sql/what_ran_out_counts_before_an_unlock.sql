-- An unlock voids what is in flight; what had run out by then was a failure already, and the log says so.
begin;
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol('password', 'Shop') \g /dev/null
create temp table begun as
select * from authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'));
select pg_temp.time_passes('1 minute') \g /dev/null
select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop')) \g /dev/null
select results_eq(
    $$select kind::text from authn.events where user_id = pg_temp.id('ada') and method = 'password' and kind in ('attempt_failed', 'unlocked') order by number$$,
    $$values ('attempt_failed'), ('unlocked')$$, 'first the failure, then the unlock'
);
select is(
    (select (authn.complete_attempt(pg_temp.id('ada'), attempt_id, true)).outcome from begun), 'expired', 'a completion comes too late'
);
select is(
    (select failures from authn.contexts where user_id = pg_temp.id('ada') and method = 'password'), 0, 'and the counter is clear'
);

select * from finish();
rollback;
