-- By "at", then "number": across the authenticators of a user, whenever what happened came to be written.
begin;
\ir helpers/world.psql
select plan(3);

create or replace function authn._clock() returns timestamptz
language sql volatile parallel safe
return cast(pg_catalog.current_setting('test.clock') as timestamptz);
create function pg_temp.at(seconds integer) returns timestamptz
language sql as $$ select timestamptz '2030-01-01 00:00:00Z' + make_interval(secs => seconds) $$;
create function pg_temp.clock(seconds integer) returns text
language sql as $$ select set_config('test.clock', pg_temp.at(seconds)::text, true) $$;

select pg_temp.clock(-60), pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop') \g /dev/null
-- Begun and never completed: it runs out at 30, which the attempt at 50 finds.
select pg_temp.clock(0), authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop')) \g /dev/null
select pg_temp.clock(10), pg_temp.fail('password', 'Shop') \g /dev/null
select pg_temp.clock(20), pg_temp.succeed('password', 'Shop') \g /dev/null
select pg_temp.clock(40), pg_temp.fail('password', 'Shop', 5) \g /dev/null
select pg_temp.clock(50), pg_temp.succeed('pin', 'Shop') \g /dev/null
select pg_temp.clock(60), authn.suspend_user(pg_temp.id('ada')) \g /dev/null
select pg_temp.clock(70), authn.reinstate_user(pg_temp.id('ada')) \g /dev/null

create temp table told as
select row_number() over (order by at, number) as place, e.* from authn.events e where user_id = pg_temp.id('ada') and at >= pg_temp.at(0);
select results_eq(
    'select extract(epoch from at - pg_temp.at(0))::integer, method::text, kind::text from told order by place',
    $$values (10, 'password', 'attempt_failed'), (20, 'password', 'attempt_succeeded'), (30, 'pin', 'attempt_failed'),
        (40, 'password', 'attempt_failed'), (40, 'password', 'attempt_failed'), (40, 'password', 'attempt_failed'),
        (40, 'password', 'attempt_failed'), (40, 'password', 'attempt_failed'), (40, 'password', 'locked'),
        (50, 'pin', 'attempt_succeeded'), (60, null, 'user_suspended'), (70, null, 'user_reinstated')$$,
    'what ran out stands where it ran out; what an instant brought, in the order of its numbers'
);
select is_empty(
    $$select * from (select number, lag(number) over (partition by user_id, domain_id order by at, number) as before from authn_data.events) e where number <> before + 1$$,
    'within a domain that is the order of the numbers'
);
select is_empty(
    $$select * from (select xid, lag(xid) over (partition by user_id, domain_id order by at, number) as before from authn_data.events) e where xid < before$$,
    'and of the transactions'
);

select * from finish();
rollback;
