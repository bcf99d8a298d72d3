-- Otherwise one guess per window goes on for ever (NIST SP 800-63B-4, 3.2.2).
begin;
\ir helpers/world.psql
select plan(8);

select pg_temp.enrol('password', 'Shop') \g /dev/null
create function pg_temp.fail_once_per_window(times integer) returns void
language plpgsql as $$
begin
    for n in 1..times loop
        perform pg_temp.time_passes('16 minutes'), pg_temp.fail('password', 'Shop');
    end loop;
end
$$;

select pg_temp.fail_once_per_window(99) \g /dev/null
select results_eq($$select status::text, failures from authn.contexts where authenticator_id = pg_temp.id('password')$$, $$values ('registered', 1)$$, 'ninety-nine guesses, each in a window of its own');
select pg_temp.fail_once_per_window(1) \g /dev/null
select results_eq($$select status::text, locked_until from authn.contexts where authenticator_id = pg_temp.id('password')$$, $$values ('locked', 'infinity'::timestamptz)$$, 'the hundredth locks until an admin unlocks');
select results_eq($$select cause, tier, locked_until from authn.locked_now where authenticator_id = pg_temp.id('password')$$, $$values ('hard_cap', null::integer, 'infinity'::timestamptz)$$, 'and says why');
select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Shop')) \g /dev/null
select pg_temp.fail_once_per_window(99) \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'registered', 'an unlock clears the count towards the cap');
select pg_temp.succeed('password', 'Shop'), pg_temp.fail_once_per_window(99) \g /dev/null
select is(pg_temp.status('password', 'Shop'), 'active', 'and so does a success');

select authn.set_tenant_settings(pg_temp.id('Acme'), '{"hard_cap": 7}') \g /dev/null
select pg_temp.succeed('password', 'Shop'), pg_temp.fail_once_per_window(7) \g /dev/null
select is((select locked_until from authn.contexts where authenticator_id = pg_temp.id('password')), 'infinity', 'a tenant may lower it');
select is(pg_temp.error_of($$select authn.set_tenant_settings(pg_temp.id('Acme'), '{"hard_cap": 101}')$$), 'AU014 settings', 'not raise it');
select is(pg_temp.error_of($$select authn.set_tenant_settings(pg_temp.id('Acme'), '{"hard_cap": 0}')$$), 'AU014 settings', 'nor switch it off');

select * from finish();
rollback;
