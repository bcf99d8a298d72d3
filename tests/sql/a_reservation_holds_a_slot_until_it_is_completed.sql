begin;
\ir helpers/world.psql
select plan(9);

select authn.set_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 2, "duration": "1 hour"}]') \g /dev/null
create function pg_temp.begin(name text) returns text
language plpgsql as $$
declare
    v_begun record;
begin
    v_begun := authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'));
    if v_begun.attempt_id is not null then
        insert into world values (name, v_begun.attempt_id);
    end if;
    return v_begun.decision;
end
$$;
create function pg_temp.complete(name text, succeeded boolean) returns text
language sql as $$ select (authn.complete_attempt(pg_temp.id('ada'), pg_temp.id(name), succeeded)).outcome $$;

select results_eq(
    $$select pg_temp.begin('first') union all select pg_temp.begin('second') union all select pg_temp.begin('third')$$,
    $$values ('admitted'), ('admitted'), ('busy')$$, 'two failures lock: two are admitted, a third is busy, not locked'
);
select results_eq(
    $$select s, pg_temp.attempt('sms_otp', 'Wallet', s) from unnest('{true,false}'::boolean[]) s$$, $$values (true, 'busy'), (false, 'busy')$$,
    'an attempt by verdict too, for right and wrong alike'
);
select is(pg_temp.complete('first', true), 'succeeded', 'completed');
select is(pg_temp.complete('first', true), 'already_completed', 'once only');
select is(pg_temp.begin('fourth'), 'admitted', 'and its slot is free');
select results_eq(
    $$select pg_temp.complete('second', false) union all select pg_temp.complete('fourth', false)$$, $$values ('failed'), ('failed')$$, 'two failures'
);
select is(pg_temp.begin('fifth'), 'locked', 'and it is locked');
select is(pg_temp.succeed('sms_otp', 'Wallet'), 'refused', 'everywhere');
select is_empty('select * from authn_data.reservations where ended_at is null', 'nothing is in flight');

select * from finish();
rollback;
