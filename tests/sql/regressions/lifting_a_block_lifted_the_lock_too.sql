-- Locked and deactivated were one flag: reactivating an account lifted its lock, unlocking it lifted the
-- administrator's block.
begin;
\ir ../helpers/world.psql
select plan(6);

select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
create view pg_temp.shown as select method, status::text from authn.contexts where user_id = pg_temp.id('ada');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'deactivated'$$, 'deactivated over the lock');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'locked'$$, 'reactivated, it is locked as before');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text)) from authn.methods where lockable \g /dev/null
select pg_temp.time_passes('15 minutes') \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'deactivated'$$, 'the lock has expired underneath');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text)) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'registered'$$, 'and so reactivated it is neither');

select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'deactivated'$$, 'unlocked, it is deactivated as before');
select authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select is_empty($$select * from pg_temp.shown where status <> 'registered'$$, 'with no lock underneath');

select * from finish();
rollback;
