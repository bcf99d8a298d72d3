begin;
\ir helpers/plans.psql
select plan(3);

create temp table facts (at timestamptz, blocked_until timestamptz, locked_until timestamptz, last_success_at timestamptz);
select is_empty(
    $$select line from pg_temp.plan_of('select authn.status_rule(at, blocked_until, locked_until, last_success_at) from facts') line where line ~ 'status_rule\('$$,
    'status_rule leaves no call in a plan'
);
select is_empty(
    $$select line from pg_temp.plan_of('select authn.user_status_rule(at, blocked_until, last_success_at), authn._in_force(locked_until, at) from facts') line
      where line ~ '(user_status_rule|_in_force)\('$$, 'nor do its sisters'
);
select is_empty(
    $$select line from pg_temp.plan_of('select authn.method_scope(method), authn.method_lockable(method), authn.method_registration(method) from authn_data.contexts') line
      where line ~ 'method_(scope|lockable|registration)\('$$, 'nor what a method is'
);

select * from finish();
rollback;
