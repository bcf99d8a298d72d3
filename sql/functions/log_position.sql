-- Where an event stands in the order of commits: the id of its transaction. A dump that is restored into
-- another server meets younger ids there; an offset then keeps the order of the log.

create function authn._log_position(xid xid8, ahead numeric)
returns xid8
language sql
immutable
parallel safe
return cast(cast(cast(cast(xid as pg_catalog.text) as numeric) + ahead as pg_catalog.text) as xid8);
comment on function authn._log_position(xid8, numeric) is 'the position in the log of what a transaction of this server writes';

create function authn._log_horizon()
returns xid8
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_server record;
begin
    select s.*
    into v_server
    from authn_data.log_servers s
    order by s.since desc
    limit 1;
    if v_server.system_identifier is distinct from (select c.system_identifier from pg_control_system() c) then
        perform authn._raise(
            'storage_missing', 'the tables were restored into another server', 'Call authn.migrate() as an administrator.'
        );
    end if;
    return authn._log_position(pg_snapshot_xmin(pg_current_snapshot()), v_server.ahead);
end
$$;
comment on function authn._log_horizon() is
    'everything in the log below this position is decided, and seen by the statement that asks and by later ones; AU019 in a server that authn.migrate() does not know yet';

create function authn._adopt_log()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_here bigint := (select c.system_identifier from pg_control_system() c);
    v_last record;
    v_written xid8;
    v_ahead numeric;
begin
    select s.*
    into v_last
    from authn_data.log_servers s
    order by s.since desc
    limit 1;
    if v_last.system_identifier = v_here then
        return;
    end if;

    v_ahead := coalesce(v_last.ahead, 0);
    select max(p.xid)
    into v_written
    from (
        select max(h.xid) as xid from authn_data.event_hashes h
        union all
        select max(c.to_xid) from authn_data.event_closings c
    ) p;
    if v_written >= authn._log_position(pg_current_xact_id(), v_ahead) then
        v_ahead := v_written::text::numeric;
        execute format(
            'alter table authn_data.events alter column xid '
            'set default authn._log_position(pg_catalog.pg_current_xact_id(), %s)',
            v_ahead
        );
        execute format(
            'alter table authn_data.tenant_events alter column xid '
            'set default authn._log_position(pg_catalog.pg_current_xact_id(), %s)',
            v_ahead
        );
    end if;
    insert into authn_data.log_servers (system_identifier, ahead, since)
    values (v_here, v_ahead, clock_timestamp());
end
$$;
comment on function authn._adopt_log() is
    'after a restore into another server: goes on with the log at a position behind everything in it';
