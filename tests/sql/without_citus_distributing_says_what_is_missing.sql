-- An engine that spreads tables over machines is not ours, and may not be there.
begin;
select plan(1);

select throws_like(
    'select authn.distribute()',
    'Citus is not in this database',
    'without Citus nothing is touched, and the hint says what to do'
);

select * from finish();
rollback;
