-- What the same facts take in tables that somebody would write by hand, one table at a time, so that there is room for
-- it: the same columns, rows in order, pages full. Bytes with a key and nothing more, and with what keeps the facts
-- right and leads to them besides: one ordinary index for each question of a screen.
\set ON_ERROR_STOP on
set client_min_messages = warning;

create temp table sizes (with_key bigint not null, with_lookups bigint not null);

create procedure pg_temp.measure(name text, columns text, key text, variadic lookups text[] default '{}')
language plpgsql
as $$
declare
    v_with_key bigint;
    v_lookup text;
begin
    execute format('create table minimal_%s as select %s from authn_data.%s', name, columns, name);
    execute format('alter table minimal_%s add primary key (%s)', name, key);
    v_with_key := pg_total_relation_size('minimal_' || name);
    foreach v_lookup in array lookups loop
        execute format('create ' || v_lookup, 'minimal_' || name);
    end loop;
    insert into sizes values (v_with_key, pg_total_relation_size('minimal_' || name));
    execute format('drop table minimal_%s', name);
end
$$;

call pg_temp.measure(
    'users',
    'user_id, tenant_id, email, phone, display_name, created_at, activated_at, suspended_since, suspended_until, suspended_by, suspension_reason',
    'user_id',
    'index on %I (tenant_id, email)', 'index on %I (tenant_id, phone)', 'index on %I (tenant_id, display_name)'
);
call pg_temp.measure('devices', '*', 'user_id, device_id');
call pg_temp.measure(
    'authenticators', '*', 'user_id, authenticator_id',
    'unique index on %I (user_id, method, device_id, provider, identifier) nulls not distinct'
);
call pg_temp.measure(
    'contexts', '*', 'user_id, context_id', 'unique index on %I (user_id, authenticator_id, app_id) nulls not distinct'
);
call pg_temp.measure('locks', '*', 'user_id, context_id, number', 'index on %I (tenant_id, until) where ended_at is null');
call pg_temp.measure('events', '*', 'user_id, domain_id, number', 'index on %I (tenant_id, at)');

select sum(s.with_key), sum(s.with_lookups) from sizes s;
