begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.enrol(method, 'Shop') from authn.methods \g /dev/null
create view pg_temp.facts as select * from authn_data.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.facts;
select bag_eq(
    $$select method, succeeded, pg_temp.error_of(format('select pg_temp.attempt(%L, ''Wallet'', %L)', method, succeeded))
      from authn.methods, unnest('{true,false}'::boolean[]) succeeded where scope <> 'global_user'$$,
    $$select method, succeeded, 'AU016 app_id' from authn.methods, unnest('{true,false}'::boolean[]) succeeded where scope <> 'global_user'$$,
    'an app- or device-scoped authenticator is where it was registered'
);
select bag_eq('table pg_temp.facts', 'table before', 'nothing is counted');
select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop')) \g /dev/null
select is(pg_temp.error_of($$select pg_temp.succeed('password', 'Shop')$$), 'AU002 authenticator_id', 'nor where it was');
select is(
    pg_temp.error_of($$select authn.record_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Store'), true)$$),
    'AU003 app_id', 'a global authenticator does not work in another tenant''s app'
);

select * from finish();
rollback;
