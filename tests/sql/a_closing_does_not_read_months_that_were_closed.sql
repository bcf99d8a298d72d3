-- However long the log is: what a closing looks for is found by an index in every month but the last two.
begin;
\ir helpers/world.psql
\ir helpers/plans.psql
select plan(4);

create or replace function authn._clock() returns timestamptz
language sql volatile parallel safe
return pg_catalog.clock_timestamp() + interval '6 months';
create view pg_temp.months as
select c.oid, c.relname::text as name, exists (select from pg_index x where x.indrelid = c.oid and pg_get_indexdef(x.indexrelid) ~ '\(xid\)$') as indexed
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'authn_data.events'::regclass and c.relname ~ '^events_[0-9]';

select is((select count(*)::integer from pg_temp.months where indexed), 0, 'while a month is written to it has no such index');
select authn.close_events() \g /dev/null
select results_eq(
    $$select count(*)::integer from pg_temp.months where indexed$$,
    $$select count(*)::integer from pg_temp.months where name < to_char((now() + interval '5 months') at time zone 'UTC', '"events_"YYYY_MM')$$, 'when it is over it gets one'
);
select lives_ok('select authn.close_events()', 'once');

-- As the functions' owner, whom row-level security binds.
create temp table plan (line text);
grant all on plan to authn_owner;
set local enable_seqscan = off;
set local role authn_owner;
insert into plan select pg_temp.plan_of('select * from authn_data.event_hashes where xid >= ''1'' and xid < ''2''');
reset role;
select is_empty(
    $$select * from plan p, pg_temp.months m where m.indexed and p.line ~ ('Seq Scan on authn_data\.' || m.name)$$, 'which finds what is new'
);

select * from finish();
rollback;
