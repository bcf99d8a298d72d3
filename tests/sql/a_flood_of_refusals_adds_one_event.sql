-- The first refusal of each lock is an event; a flood does not grow the tables.
begin;
\ir helpers/world.psql
select plan(4);

create function pg_temp.rows_stored() returns bigint
language plpgsql as $$
declare
    v_table text;
    v_rows bigint;
    v_all bigint := 0;
begin
    for v_table in select c.oid::regclass::text from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'r' loop
        execute 'select count(*) from ' || v_table into v_rows;
        v_all := v_all + v_rows;
    end loop;
    return v_all;
end
$$;

select pg_temp.enrol('password', 'Shop'), pg_temp.lock('password', 'Shop') \g /dev/null
create temp table before as select pg_temp.rows_stored() as stored;
select pg_temp.fail('password', 'Shop'), pg_temp.succeed('password', 'Shop'), pg_temp.fail('password', 'Shop', 200) \g /dev/null
select results_eq($$select kind, status_before::text, app_id from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_refused'$$,
    $$values ('attempt_refused'::authn.event_kind, 'locked', pg_temp.id('Shop'))$$, 'the first refusal is an event');
select results_eq('select pg_temp.rows_stored() - stored from before', 'values (1::bigint)', 'and the only row');

select pg_temp.time_passes('16 minutes'), pg_temp.lock('password', 'Shop'), pg_temp.fail('password', 'Shop', 3) \g /dev/null
select results_eq($$select count(*)::integer from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_refused'$$, 'values (2)', 'the next lock has its own');
select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password')) \g /dev/null
select pg_temp.fail('password', 'Shop', 3) \g /dev/null
select results_eq($$select count(*)::integer from authn.events where user_id = pg_temp.id('ada') and kind = 'attempt_refused'$$, 'values (3)', 'and a deactivation');

select * from finish();
rollback;
