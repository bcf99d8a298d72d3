begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(4);

create function pg_temp.standings(authenticator text) returns text[]
language sql as $$
    select array_agg(concat_ws(' ', pg_temp.name_of(s.app_id), s.status, case when s.locked_since is not null then 'since' end) order by 1)
    from authn.standings s where s.authenticator_id = pg_temp.id(authenticator)
$$;
select is(pg_temp.standings('sms_otp'), '{registered}', 'before any app used it it stands for itself');
select pg_temp.lock('sms_otp', 'Shop') \g /dev/null
select is(pg_temp.standings('sms_otp'), '{locked since}', 'a lock is its own then');
select is((select count(*) from authn.contexts c where c.authenticator_id = pg_temp.id('sms_otp')), 0::bigint, 'and in no app');
select authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop')) \g /dev/null
select pg_temp.succeed('sms_otp', 'Shop'), pg_temp.enrol('password', 'Wallet') \g /dev/null
select is(
    pg_temp.standings('sms_otp') || pg_temp.standings('password'), '{Shop active,Wallet registered}', 'where apps use it, it stands there'
);

select * from finish();
rollback;
