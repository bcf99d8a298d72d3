-- Its tenant and its apps, and of those nothing but what changes a status.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/clock.psql
\ir helpers/horizon.psql
select plan(9);

select pg_temp.at('2030-05-01 09:00Z') \g /dev/null
select c.cursor as start from authn.status_changes(pg_temp.id('Acme')) c \gset
select pg_temp.at('2030-05-01 10:00Z') \g /dev/null
select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('password', 'Wallet') \g /dev/null
select pg_temp.lock('password', 'Shop'), pg_temp.lock('password', 'Wallet'), pg_temp.lock('sms_otp', 'Desk') \g /dev/null
select pg_temp.succeed('email_otp', 'Desk') \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Wallet'), '2030-05-01 10:10Z') \g /dev/null
select pg_temp.at('2030-05-01 11:00Z') \g /dev/null

create temp view shown as
select e.at, e.kind, e.user_id, e.authenticator_id, e.app_id, e.device_id, e.method, e.status_before, e.status_after, e.reason
from authn.events e
where e.tenant_id = pg_temp.id('Acme') and e.user_id is not null and e.at >= '2030-05-01 10:00Z'
  and e.kind not in ('attempt_failed', 'attempt_refused');
create function pg_temp.told(after text) returns table (like shown)
language sql as $$
    select c.at, c.kind, c.user_id, c.authenticator_id, c.app_id, c.device_id, c.method, c.status_before, c.status_after, c.reason
    from authn.status_changes(pg_temp.id('Acme'), after) p, unnest(p.changes) c
$$;
grant select on shown to public;

select bag_eq(format('select * from pg_temp.told(%L)', :'start'), 'table shown', 'as the administrator');
select ok(count(*) > 5, 'which is something') from shown;
select pg_temp.act_as('authn_reader') \g /dev/null
select bag_eq(format('select * from pg_temp.told(%L)', :'start'), 'table shown', 'as a reader');
select pg_temp.act_as('authn_service') \g /dev/null
select bag_eq(format('select * from pg_temp.told(%L)', :'start'), 'table shown', 'as a login service');
select pg_temp.act_as('authn_support', apps => '{Shop}') \g /dev/null
select bag_eq(format('select * from pg_temp.told(%L)', :'start'), 'table shown', 'as support of one app');
select is_empty(
    format($$select * from pg_temp.told(%L) where app_id <> pg_temp.id('Shop')$$, :'start'), 'who is told of no other app'
);
select isnt_empty(
    format($$select * from pg_temp.told(%L) where app_id is null and kind = 'lock_expired'$$, :'start'),
    'but of what holds in every app'
);
select pg_temp.act_as('authn_admin', 'Globex') \g /dev/null
select throws_ok(
    format('select * from authn.status_changes(%L, %L)', pg_temp.id('Acme'), :'start'), 'AU012', null, 'another tenant is unknown'
);
select is_empty(
    $$select * from authn.status_changes(pg_temp.id('Globex')) where changes <> '{}'$$, 'and its own has nothing to tell'
);

select * from finish();
rollback;
