begin;
\ir helpers/world.psql
select plan(6);

create function pg_temp.begin(name text) returns text
language plpgsql as $$
declare
    v_begun record;
begin
    v_begun := authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'));
    if v_begun.attempt_id is not null then
        insert into world values (name, v_begun.attempt_id);
    end if;
    return v_begun.decision;
end
$$;
create function pg_temp.complete(name text, succeeded boolean) returns text
language sql as $$ select (authn.complete_attempt(pg_temp.id('ada'), pg_temp.id(name), succeeded)).outcome $$;

select pg_temp.enrol('password', 'Shop') \g /dev/null
select pg_temp.begin(n) from unnest('{suspended,deactivated,not offered,unlocked,abandoned}'::text[]) n \g /dev/null
select authn.suspend_user(pg_temp.id('ada')) \g /dev/null
select is(pg_temp.complete('suspended', true), 'refused', 'begun before a suspension, it does not succeed after it');
select authn.reinstate_user(pg_temp.id('ada')) \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select is(pg_temp.complete('deactivated', true), 'refused', 'nor after a deactivation');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select authn.disable_method(pg_temp.id('Shop'), 'password') \g /dev/null
select is(pg_temp.complete('not offered', true), 'not_available', 'nor where the method is no longer offered');
select authn.enable_method(pg_temp.id('Shop'), 'password') \g /dev/null

select pg_temp.fail('password', 'Shop') \g /dev/null
savepoint before_the_unlock;
select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop')) \g /dev/null
select is(pg_temp.complete('unlocked', false), 'void', 'an unlock in between makes it void');
rollback to before_the_unlock;

select pg_temp.time_passes('31 seconds') \g /dev/null
select is(pg_temp.complete('abandoned', true), 'expired', 'after its time to live it is a failure');
select is((select failures from authn.contexts where authenticator_id = pg_temp.id('password')), 3, 'counted once, like the other one abandoned');

select * from finish();
rollback;
