begin;
select plan(3);

-- A temporary table is scanned by no worker: an ordinary one, gone with the transaction.
create table public.many_statuses as
select (n % 5000) as grp, 'active'::authn.status as status from generate_series(1, 50000) n;
update public.many_statuses set status = 'locked' where grp = 17 and ctid = (select min(ctid) from public.many_statuses where grp = 17);
analyze public.many_statuses;
set local parallel_setup_cost = 0;
set local parallel_tuple_cost = 0;
set local min_parallel_table_scan_size = 0;
set local max_parallel_workers_per_gather = 2;
set local enable_parallel_append = on;

create function pg_temp.plan_of(statement text) returns setof text
language plpgsql as $$
begin
    return query execute 'explain (costs off) ' || statement;
end
$$;

select matches(
    (select string_agg(p, E'\n') from pg_temp.plan_of('select authn.overall_status(status) from public.many_statuses') p),
    'Finalize Aggregate.*Gather.*Partial Aggregate', 'each worker aggregates its part'
);
select is((select authn.overall_status(status) from public.many_statuses), 'mixed', 'and the parts are combined');
select is((select authn.overall_status(status) from public.many_statuses where grp <> 17), 'active', 'also where they agree');

select * from finish();
rollback;
