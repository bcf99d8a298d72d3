-- Whatever was not a success was counted as a failure: a method that was switched off, an account that was
-- blocked, a server that was busy; and where success was told by the absence of an error, some successes were too.
-- Here only a wrong secret counts.
begin;
\ir ../helpers/world.psql
select plan(8);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app where lockable \g /dev/null
create view pg_temp.facts as
select context_id, failures, failures_since_success, tier, last_failure_at, last_success_at, event_number
from authn_data.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.facts;
create view pg_temp.answers as
select m.method, s.succeeded, pg_temp.attempt(m.method::text, 'Shop', s.succeeded, 10) as outcome
from authn.methods m cross join unnest('{true,false}'::boolean[]) s (succeeded) where m.lockable;

select authn.disable_method(pg_temp.id('Shop'), method) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.answers where outcome <> 'not_available'$$, 'the app does not offer the method');
select bag_eq('table pg_temp.facts', 'table before', 'not counted');
select authn.enable_method(pg_temp.id('Shop'), method) from authn.methods where lockable \g /dev/null

select authn.suspend_user(pg_temp.id('ada')) \g /dev/null
create temp table outcomes as table pg_temp.answers;
select authn.reinstate_user(pg_temp.id('ada')) \g /dev/null
select is_empty($$select * from outcomes where outcome <> 'refused'$$, 'the user is suspended');
select bag_eq(
    'select context_id, failures, failures_since_success, tier, last_failure_at, last_success_at from pg_temp.facts',
    'select context_id, failures, failures_since_success, tier, last_failure_at, last_success_at from before', 'not counted'
);

-- Five verifications hold every slot: everybody else is told to ask again.
create temp table begun as
select (authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))).attempt_id from generate_series(1, 5);
select is(pg_temp.fail('password', 'Shop', 10), 'busy', 'every slot is in flight');
select results_eq(
    $$select distinct c.failures from authn.contexts c where c.user_id = pg_temp.id('ada') and c.method = 'password'$$, 'values (0)', 'not counted'
);
select authn.complete_attempt(pg_temp.id('ada'), attempt_id, true) from begun \g /dev/null

select pg_temp.attempt(method::text, 'Shop', true, 200) from authn.methods where lockable \g /dev/null
select is_empty($$select * from authn.contexts where user_id = pg_temp.id('ada') and (failures > 0 or status = 'locked')$$, 'two hundred successes are no failure');
select is_empty($$select * from authn.events where user_id = pg_temp.id('ada') and kind in ('attempt_failed', 'locked')$$, 'nor in the log');

select * from finish();
rollback;
