begin;
\ir helpers/clock.psql
select set_config('test.clock', (date_trunc('month', clock_timestamp()) - interval '20 days')::text, true) \g /dev/null
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(13);

create temp table start as select current_setting('test.clock')::timestamptz as at;
grant select on start to public;
create function pg_temp.then(minutes integer) returns timestamptz language sql as $$ select at + minutes * interval '1 minute' from start $$;
create function pg_temp.was(authenticator text, app text, minutes integer) returns text
language sql as $$ select authn.status_at(pg_temp.id('ada'), pg_temp.id(authenticator), pg_temp.id(app), pg_temp.then(minutes)) $$;

select pg_temp.at(pg_temp.then(1)), pg_temp.enrol('password', 'Shop') \g /dev/null
select pg_temp.at(pg_temp.then(2)), pg_temp.succeed('password', 'Shop') \g /dev/null
select pg_temp.at(pg_temp.then(3)), pg_temp.lock('password', 'Shop') \g /dev/null
select pg_temp.at(pg_temp.then(30)), authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'), pg_temp.then(40)) \g /dev/null
select pg_temp.at(pg_temp.then(50)), authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select pg_temp.at(pg_temp.then(60)), pg_temp.enrol('password', 'Shop') \g /dev/null
select pg_temp.at(pg_temp.then(70)) \g /dev/null

select results_eq(
    $$select m, pg_temp.was('password', 'Shop', m) from unnest('{0,1,2,3,17,18,29,30,39,40,49,50,59,60,70}'::integer[]) m$$,
    $$values (0, null), (1, 'registered'), (2, 'active'), (3, 'locked'), (17, 'locked'), (18, 'active'), (29, 'active'), (30, 'deactivated'),
        (39, 'deactivated'), (40, 'active'), (49, 'active'), (50, null), (59, null), (60, 'registered'), (70, 'registered')$$,
    'from nothing to registered, active, locked, deactivated, removed and registered again'
);
select is(pg_temp.was('password', 'Wallet', 18), null, 'nothing where it never was');
select is(pg_temp.was('sms_otp', null, 5), 'registered', 'without a context: by its own facts');
select results_eq(
    $$select count(*)::integer from authn.statuses_at(pg_temp.id('Acme'), pg_temp.then(5)) where user_id = pg_temp.id('ada')$$, 'values (4)',
    'a tenant at an instant: ada''s password, and three addresses without a context'
);
select is_empty($$select * from authn.statuses_at(pg_temp.id('Acme'), pg_temp.then(5)) where user_id = pg_temp.id('bob')$$, 'and nobody else''s');
select is(pg_temp.error_of($$select pg_temp.was('password', 'Shop', 71)$$), 'AU017 at', 'the future is not told');
select is(pg_temp.error_of($$select authn.status_at(pg_temp.id('ada'), pg_temp.id('bob'), null, pg_temp.then(1))$$), 'AU002 authenticator_id', 'nor what is not there');
select is(pg_temp.error_of($$select authn.status_at(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Store'), pg_temp.then(1))$$), 'AU003 app_id', 'nor an app of another tenant');

select pg_temp.act_as('authn_reader') \g /dev/null
select is(pg_temp.was('password', 'Shop', 3), 'locked', 'a reader may ask');
select is(pg_temp.error_of($$select authn.statuses_at(pg_temp.id('Globex'), pg_temp.then(3))$$), 'AU012 tenant_id', 'in his own tenant');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_support', apps => '{Wallet}') \g /dev/null
select is(pg_temp.error_of($$select authn.status_at(pg_temp.id('ada'), pg_temp.id('password'), null, pg_temp.then(1))$$), 'AU002 authenticator_id', 'support that is confined to other apps finds nothing');
select is_empty($$select * from authn.statuses_at(pg_temp.id('Acme'), pg_temp.then(5)) where method = 'password'$$, 'in the tenant neither');
select is(pg_temp.was('sms_otp', null, 5), 'registered', 'but what works in every app');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
