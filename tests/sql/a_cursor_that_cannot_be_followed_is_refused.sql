-- Silence would be taken for "nothing changed".
begin;
\ir helpers/world.psql
\ir helpers/horizon.psql
select plan(13);

select c.cursor as here from authn.status_changes(pg_temp.id('Acme')) c \gset
select lives_ok(format('select * from authn.status_changes(%L, %L)', pg_temp.id('Acme'), :'here'), 'its own cursor is taken');
select is(
    pg_temp.error_of(format('select * from authn.status_changes(%L, %L)', pg_temp.id('Acme'), c.cursor)), 'AU017 after',
    'what is no cursor: ' || left(c.cursor, 20)
)
from unnest(array['', 'x', '1', :'here' || '.1', upper(:'here'), replace(:'here', '.0.', '.2.'), repeat('9', 5000)]) as c (cursor);
select is(
    pg_temp.error_of(format('select * from authn.status_changes(%L, %L)', pg_temp.id('Globex'), :'here')), 'AU017 after',
    'a cursor of another tenant'
);
select is(
    pg_temp.error_of(format('select * from authn.status_changes(%L, %L, most => %s)', pg_temp.id('Acme'), :'here', m)),
    'AU017 most', 'pages of ' || m
)
from unnest('{0,1001}'::integer[]) as m;

insert into authn_data.event_drops (dropped_before, dropped_at, dropped_by, partitions)
values (clock_timestamp() + interval '1 day', clock_timestamp(), 'test', '{}');
select is(
    pg_temp.error_of(format('select * from authn.status_changes(%L, %L)', pg_temp.id('Acme'), :'here')), 'AU018 after',
    'a cursor from before what retention took'
);
alter table authn_data.event_drops disable trigger user;
delete from authn_data.event_drops;
insert into authn_data.log_servers (system_identifier, ahead, since) values (1, 0, clock_timestamp());
select is(
    pg_temp.error_of(format('select * from authn.status_changes(%L, %L)', pg_temp.id('Acme'), :'here')), 'AU018 after',
    'a cursor of the server that the log was restored from'
);
delete from authn_data.log_servers where system_identifier = 1;

select * from finish();
rollback;
