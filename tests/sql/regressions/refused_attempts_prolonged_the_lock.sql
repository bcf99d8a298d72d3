-- Attempts refused by the lock were counted, or prolonged it: a phone that retried by itself with an old password
-- kept its owner out for ever.
begin;
\ir ../helpers/world.psql
select plan(5);

select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create view pg_temp.facts as
select context_id, failures, failures_since_success, tier, locked_since, locked_until, last_failure_at, last_success_at, event_number
from authn_data.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.facts;

select bag_eq(
    $$select method, succeeded, o.outcome, o.status::text, o.locked_until = 'infinity' as for_good
      from authn.methods, unnest('{true,false}'::boolean[]) succeeded,
        authn.record_attempt(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop'), succeeded) o
      where lockable$$,
    $$select method, succeeded, 'refused' as outcome, 'locked' as status, false as for_good
      from authn.methods, unnest('{true,false}'::boolean[]) succeeded where lockable$$,
    'a right secret is refused like a wrong one'
);
select results_eq(
    $$select distinct o from unnest('{true,false}'::boolean[]) s, authn.record_attempt(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'), s) o$$,
    $$select row('refused', 'locked', 5, locked_until)::authn.attempt_outcome from authn.contexts where authenticator_id = pg_temp.id('password')$$,
    'in every field of the answer'
);
select bag_eq('table pg_temp.facts', 'table before', 'not counted, not prolonged');
select pg_temp.fail(method::text, 'Shop', 100) from authn.methods where lockable \g /dev/null
select bag_eq('table pg_temp.facts', 'table before', 'not by a hundred either');
select is_empty($$select * from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_succeeded'$$, 'nobody got in');

select * from finish();
rollback;
