begin;
\ir helpers/world.psql
select plan(7);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select pg_temp.succeed(method::text, 'Wallet') from authn.methods \g /dev/null
select is_empty(
    $$select * from authn.authenticators where user_id = pg_temp.id('ada') and status <> 'mixed'$$, 'active in Wallet, registered in Shop'
);
select authn.disable_method(pg_temp.id('Shop'), method) from authn.methods \g /dev/null
create view pg_temp.facts as select * from authn_data.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.facts;

select bag_eq(
    $$select method, app_name, available from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select method, app, app = 'Wallet' from authn.methods, unnest('{Shop,Wallet}'::text[]) app$$,
    'the context stays visible, marked not available'
);
select bag_eq(
    $$select method, status, statuses from authn.authenticators where user_id = pg_temp.id('ada')$$,
    $$select method, 'active'::authn.status, '{"active": 1}'::jsonb from authn.methods$$,
    'and is left out of the aggregate status and its breakdown'
);
select bag_eq(
    $$select method, succeeded, pg_temp.attempt(method::text, 'Shop', succeeded, 6) from authn.methods, unnest('{true,false}'::boolean[]) succeeded$$,
    $$select method, succeeded, 'not_available' from authn.methods, unnest('{true,false}'::boolean[]) succeeded$$,
    'right or wrong, an attempt there is answered not_available'
);
select bag_eq('table pg_temp.facts', 'table before', 'and counts nothing');
select authn.disable_method(pg_temp.id('Wallet'), method) from authn.methods \g /dev/null
select bag_eq(
    $$select method, status, statuses from authn.authenticators where user_id = pg_temp.id('ada')$$,
    $$select method, 'registered'::authn.status, '{}'::jsonb from authn.methods$$,
    'where no app offers it, the status is that of its own facts'
);
select authn.enable_method(pg_temp.id('Shop'), method) from authn.methods \g /dev/null
select bag_eq(
    $$select method, pg_temp.succeed(method::text, 'Shop') from authn.methods$$, $$select method, 'succeeded' from authn.methods$$,
    'offered again, it is as before'
);

select * from finish();
rollback;
