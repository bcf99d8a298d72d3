begin;
\ir helpers/world.psql
select plan(6);

create view pg_temp.rolled_up as
select status::text, app_count, app_label, statuses from authn.authenticators
where user_id = pg_temp.id('ada') and method = 'password';

select pg_temp.enrol('password', 'Shop') \g /dev/null
select results_eq('table pg_temp.rolled_up', $$values ('registered', 1, 'Shop', '{"registered": 1}'::jsonb)$$, 'one app');
select pg_temp.enrol('password', 'Wallet') \g /dev/null
select results_eq('table pg_temp.rolled_up', $$values ('registered', 2, 'Multiple', '{"registered": 2}'::jsonb)$$, 'two that agree');
select pg_temp.succeed('password', 'Shop') \g /dev/null
select results_eq('table pg_temp.rolled_up', $$values ('mixed', 2, 'Multiple', '{"active": 1, "registered": 1}'::jsonb)$$, 'two that differ');
select pg_temp.lock('password', 'Wallet'), pg_temp.enrol('password', 'Desk') \g /dev/null
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Desk')) \g /dev/null
select results_eq(
    'table pg_temp.rolled_up', $$values ('mixed', 3, 'Multiple', '{"active": 1, "locked": 1, "deactivated": 1}'::jsonb)$$,
    'active in one app, locked in another, deactivated in a third'
);
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select results_eq(
    'table pg_temp.rolled_up', $$values ('deactivated', 3, 'Multiple', '{"deactivated": 3}'::jsonb)$$, 'deactivated everywhere, they agree'
);
select results_eq(
    $$select status::text, app_count, app_label, statuses from authn.authenticators where user_id = pg_temp.id('ada') and method = 'sms_otp'$$,
    $$values ('registered', 0, null, '{}'::jsonb)$$,
    'without a context: its own facts, and no label'
);

select * from finish();
rollback;
