begin;
\ir helpers/world.psql
select plan(6);

create view pg_temp.effective as
select m.method, app, (p.tiers -> 0 ->> 'failures')::integer as failures, p.source, p.version
from unnest('{password,pin}'::authn.method[]) m (method), unnest('{Shop,Wallet}'::text[]) app,
    authn.effective_lockout_policy(pg_temp.id('Acme'), m.method, pg_temp.id(app)) p;

select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 4, "duration": "1 hour"}]') \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 2, "duration": "1 hour"}]', app_id => pg_temp.id('Shop')) \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 3, "duration": "1 hour"}]', app_id => pg_temp.id('Shop')) \g /dev/null
select bag_eq(
    'table pg_temp.effective',
    $$values ('password'::authn.method, 'Shop', 3, 'app', 2), ('password', 'Wallet', 4, 'tenant', 1), ('pin', 'Shop', 5, 'default', 0), ('pin', 'Wallet', 5, 'default', 0)$$,
    'the app''s, else the tenant''s, else the default; each change is a version'
);
select results_eq(
    $$select (p.tiers -> 0 ->> 'failures')::integer, source from authn.effective_lockout_policy(pg_temp.id('Acme'), 'password') p$$,
    $$values (4, 'tenant')$$, 'without an app: the tenant''s'
);
select pg_temp.enrol('password', app), pg_temp.fail('password', app, 3) from unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select bag_eq(
    $$select app_name, status::text from authn.contexts where user_id = pg_temp.id('ada')$$, $$values ('Shop', 'locked'), ('Wallet', 'registered')$$,
    'and so do failures'
);
select authn.unset_lockout_policy(pg_temp.id('Acme'), 'password', pg_temp.id('Shop')) \g /dev/null
select bag_eq(
    $$select app, failures, source, version from pg_temp.effective where method = 'password'$$,
    $$values ('Shop', 4, 'tenant', 1), ('Wallet', 4, 'tenant', 1)$$, 'taken back, what is less specific holds again'
);
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 6, "duration": "1 hour"}]', app_id => pg_temp.id('Shop')) \g /dev/null
select bag_eq(
    $$select app, failures, source, version from pg_temp.effective where method = 'password'$$,
    $$values ('Shop', 6, 'app', 3), ('Wallet', 4, 'tenant', 1)$$, 'versions count on'
);
select results_eq(
    $$select p.source from authn.effective_lockout_policy(pg_temp.id('Globex'), 'password') p$$, $$values ('default')$$, 'nothing crosses a tenant'
);

select * from finish();
rollback;
