begin;
\ir helpers/world.psql
select plan(4);

select pg_temp.enrol('password', 'Shop') \g /dev/null
create view pg_temp.shown as
select status::text, round(extract(epoch from deactivated_until - deactivated_since) / 3600) as hours, deactivated_until = 'infinity' as for_good
from authn.contexts where authenticator_id = pg_temp.id('password');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), until => clock_timestamp() + interval '1 hour') \g /dev/null
select results_eq('table pg_temp.shown', $$values ('deactivated', 1::numeric, false)$$, 'for an hour');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), until => clock_timestamp() + interval '5 hours') \g /dev/null
select results_eq('table pg_temp.shown', $$values ('deactivated', 5::numeric, false)$$, 'then for five, since the same instant');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select results_eq('select status, for_good from pg_temp.shown', $$values ('deactivated', true)$$, 'then for good');
select results_eq(
    $$select kind::text, count(*)::integer from authn.events where authenticator_id = pg_temp.id('password') and kind <> 'registered' group by 1$$,
    $$values ('deactivated', 3)$$, 'each is an event'
);

select * from finish();
rollback;
