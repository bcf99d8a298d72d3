-- Every method of the enum, with a lock underneath where it can lock.
begin;
\ir helpers/world.psql
select plan(8);

select pg_temp.enrol(method, app) from authn.methods, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
create view pg_temp.in_shop as select method, status::text from authn.contexts where user_id = pg_temp.id('ada') and app_name = 'Shop';

savepoint start;
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from authn.methods \g /dev/null
select bag_eq('table pg_temp.in_shop', $$select method, 'deactivated' from authn.methods$$, 'automatic leaves it');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
select bag_eq('table pg_temp.in_shop', $$select method, 'registered' from authn.methods$$, 'but has cleared the lock underneath');
rollback to start;

create temp table changed as
select c.* from authn.methods m, authn.unlock(pg_temp.id('ada'), m.method, pg_temp.id('Shop'), cause => 'manual') c;
select bag_eq(
    'table pg_temp.in_shop', $$select method, case when lockable then 'locked' else 'registered' end from authn.methods$$,
    'manual lifts the deactivation alone, of every method'
);
select bag_eq(
    $$select method, app_id, status_before::text, status_after::text from changed$$,
    $$select method, pg_temp.id('Shop') as app_id, 'deactivated' as before, case when lockable then 'locked' else 'registered' end as after
      from authn.methods$$,
    'and answers the contexts that it changed, no other'
);
select is_empty(
    $$select c.* from authn.methods m, authn.unlock(pg_temp.id('ada'), m.method, pg_temp.id('Shop'), cause => 'manual') c$$, 'again: no rows'
);
rollback to start;

select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop'), cause => 'any') from authn.methods \g /dev/null
select bag_eq('table pg_temp.in_shop', $$select method, 'registered' from authn.methods$$, 'any lifts both');
rollback to start;

select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text)) from authn.methods \g /dev/null
select is_empty(
    $$select c.* from authn.methods m, authn.unlock(pg_temp.id('ada'), m.method, pg_temp.id('Shop'), cause => 'manual') c$$,
    'asked from an app, a deactivation that holds everywhere stays'
);
select bag_eq('table pg_temp.in_shop', $$select method, 'deactivated' from authn.methods$$, 'in force');

select * from finish();
rollback;
