-- An unlock lifted the lock and left the counter at its limit: the user's next typing error locked again.
-- Here it clears both, for every lockable method.
begin;
\ir ../helpers/world.psql
select plan(3);

select pg_temp.enrol(method, 'Shop') from authn.methods where lockable \g /dev/null
select pg_temp.lock(method::text, 'Shop') from authn.methods where lockable \g /dev/null
select authn.unlock(pg_temp.id('ada'), method, pg_temp.id('Shop')) from authn.methods where lockable \g /dev/null
select bag_eq(
    $$select method, pg_temp.fail(method::text, 'Shop') from authn.methods where lockable$$,
    $$select method, 'failed' from authn.methods where lockable$$, 'one wrong try is answered'
);
select bag_eq(
    $$select method, status::text, failures from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select method, 'registered' as status, 1 as failures from authn.methods where lockable$$, 'and counts as the first'
);
select is_empty($$select * from authn.locked_now$$, 'nothing is locked');

select * from finish();
rollback;
