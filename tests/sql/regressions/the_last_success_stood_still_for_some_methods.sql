-- The time of the last login moved for passwords alone: users who came in by another method looked dormant and
-- were cleaned away.
begin;
\ir ../helpers/world.psql
select plan(3);

select pg_temp.enrol(method, 'Shop') from authn.methods \g /dev/null
select pg_temp.succeed(method::text, 'Shop') from authn.methods \g /dev/null
select pg_temp.time_passes('1 hour') \g /dev/null
create temp table before as select method, last_success_at from authn.contexts where user_id = pg_temp.id('ada');
select authn.record_attempt(pg_temp.id('ada'), pg_temp.id(method::text), pg_temp.id('Shop'), true, pg_temp.id('phone')) from authn.methods \g /dev/null
select is_empty(
    $$select * from before join authn.contexts c using (method) where c.user_id = pg_temp.id('ada') and c.last_success_at <= before.last_success_at$$,
    'each context''s'
);
select is_empty(
    $$select * from authn.authenticators a join authn.contexts c using (authenticator_id) where a.user_id = pg_temp.id('ada')
      and (a.last_success_at, a.last_app_id, a.last_device_id, a.last_app_name) is distinct from (c.last_success_at, c.app_id, pg_temp.id('phone'), 'Shop')$$,
    'and each authenticator''s, with where it was'
);
select is((select status::text from authn.users where user_id = pg_temp.id('ada')), 'active', 'the first success ends "pending"');

select * from finish();
rollback;
