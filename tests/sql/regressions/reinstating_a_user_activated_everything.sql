-- Reinstating a suspended user set all that was hers to active: what had been locked, deactivated or never used
-- came back open.
begin;
\ir ../helpers/world.psql
select plan(5);

select pg_temp.enrol(m, 'Shop') from unnest('{password,pin,totp,sms_otp,passkey}'::authn.method[]) m \g /dev/null
select pg_temp.succeed('totp', 'Shop'), pg_temp.succeed('password', 'Shop'), pg_temp.lock('password', 'Shop'), pg_temp.lock('sms_otp', 'Shop') \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('passkey'), reason => 'lost key') \g /dev/null
create view pg_temp.shown as
select method, app_id, status, reason, failures, locked_since, locked_until, deactivated_since, deactivated_until
from authn.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.shown;

create temp table suspended as select * from authn.suspend_user(pg_temp.id('ada'), reason => 'left the company');
select is_empty($$select * from pg_temp.shown where status <> 'deactivated'$$, 'suspended, everything is deactivated');
select is_empty(
    $$select * from pg_temp.shown where reason <> 'user suspended: left the company' or deactivated_until <> 'infinity'$$, 'and says why and how long'
);
create temp table reinstated as select * from authn.reinstate_user(pg_temp.id('ada'));
select bag_eq('table pg_temp.shown', 'table before', 'reinstated, everything is as it was');
select bag_eq(
    $$select method, app_id, status_before, status_after from suspended$$,
    $$select method, app_id, status_after, status_before from reinstated$$,
    'the one answers the reverse of the other'
);
select bag_eq(
    $$select method, status_before::text from suspended$$,
    $$values ('password'::authn.method, 'locked'), ('pin', 'registered'), ('totp', 'active'), ('sms_otp', 'locked'), ('passkey', 'deactivated'),
        ('email_otp', 'registered'), ('email_magic_link', 'registered')$$,
    'every authenticator, also one without a context'
);

select * from finish();
rollback;
