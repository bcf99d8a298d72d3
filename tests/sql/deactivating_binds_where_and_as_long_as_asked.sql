-- Every method, in one app and everywhere, for good and for a time.
begin;
\ir helpers/world.psql
select plan(10);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
create view pg_temp.shown as select method, app_name, status::text from authn.contexts where user_id = pg_temp.id('ada');

create temp table changed as
select c.* from authn.methods m, authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop'), reason => 'reported stolen') c;
select bag_eq(
    'table pg_temp.shown',
    $$select method, app, case app when 'Shop' then 'deactivated' else 'registered' end from authn.methods, unnest('{Shop,Wallet}'::text[]) app$$,
    'in one app, the other goes on'
);
select bag_eq(
    $$select method, app_id, status_before::text, status_after::text from changed$$,
    $$select method, pg_temp.id('Shop') as app_id, 'registered' as before, 'deactivated' as after from authn.methods$$, 'it answers what changed'
);
select bag_eq(
    $$select method, app_name, pg_temp.attempt(method::text, app_name, true) as outcome from pg_temp.shown$$,
    $$select method, app, case app when 'Shop' then 'refused' else 'succeeded' end from authn.methods, unnest('{Shop,Wallet}'::text[]) app$$,
    'it lets nobody in there'
);
select results_eq(
    $$select distinct reason, deactivated_until from authn.contexts where user_id = pg_temp.id('ada') and app_name = 'Shop'$$,
    $$values ('deactivated in this app: reported stolen', 'infinity'::timestamptz)$$, 'it says why and how long'
);
select is_empty(
    $$select c.* from authn.methods m, authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop')) c$$, 'again: no rows'
);
select bag_eq(
    $$select c.method, c.app_id, c.status_before::text, c.status_after::text
      from authn.methods m, authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop')) c$$,
    $$select method, pg_temp.id('Shop') as app_id, 'deactivated' as before, 'registered' as after from authn.methods$$, 'reactivated it is as before'
);
select is_empty(
    $$select c.* from authn.methods m, authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(m.method::text), pg_temp.id('Shop')) c$$, 'again: no rows'
);

select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), until => clock_timestamp() + interval '1 hour') from authn.methods \g /dev/null
select pg_temp.enrol(method, 'Desk') from authn.methods \g /dev/null
select bag_eq(
    'table pg_temp.shown', $$select method, app, 'deactivated' as status from authn.methods, unnest('{Shop,Wallet,Desk}'::text[]) app$$,
    'everywhere binds every context, one that comes later too'
);
select pg_temp.time_passes('1 hour') \g /dev/null
select bag_eq(
    'table pg_temp.shown',
    $$select method, app, case app when 'Wallet' then 'active' else 'registered' end from authn.methods, unnest('{Shop,Wallet,Desk}'::text[]) app$$,
    'and ends by itself'
);
select is(
    pg_temp.error_of($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), until => now() - interval '1 second')$$),
    'AU017 until', 'an end in the past is refused'
);

select * from finish();
rollback;
