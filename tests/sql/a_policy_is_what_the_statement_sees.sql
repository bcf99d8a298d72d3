-- A stable function answers from the statement that calls it, not from what became of the table meanwhile.
begin;
\ir helpers/world.psql
select plan(1);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 3, "duration": "1 minute"}]') \g /dev/null
select results_eq(
    $$select p.source
      from (select authn.unset_lockout_policy(pg_temp.id('Acme'), 'pin') offset 0) as done,
        lateral authn.effective_lockout_policy(pg_temp.id('Acme'), 'pin') as p
      where done is not null$$,
    $$values ('tenant')$$, 'the policy before the statement took it back'
);

select * from finish();
rollback;
