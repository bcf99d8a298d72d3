-- What the same facts take in tables with nothing but the facts: the same columns and the key, rows in order, pages
-- full. One table at a time, so that there is room for it.
\set ON_ERROR_STOP on
set client_min_messages = warning;

create procedure pg_temp.measure(name text, columns text, key text)
language plpgsql
as $$
begin
    execute format('create table minimal_%s as select %s from authn_data.%s', name, columns, name);
    execute format('alter table minimal_%s add primary key (%s)', name, key);
end
$$;

call pg_temp.measure('users', 'user_id, tenant_id, email, phone, display_name, created_at, activated_at, suspended_since, suspended_until, suspended_by, suspension_reason', 'user_id');
create index on minimal_users (tenant_id, email);
select pg_total_relation_size('minimal_users');
drop table minimal_users;
call pg_temp.measure('devices', '*', 'user_id, device_id');
select pg_total_relation_size('minimal_devices');
drop table minimal_devices;
call pg_temp.measure('authenticators', '*', 'user_id, authenticator_id');
select pg_total_relation_size('minimal_authenticators');
drop table minimal_authenticators;
call pg_temp.measure('contexts', '*', 'user_id, context_id');
select pg_total_relation_size('minimal_contexts');
drop table minimal_contexts;
call pg_temp.measure('locks', '*', 'user_id, context_id, number');
select pg_total_relation_size('minimal_locks');
drop table minimal_locks;
call pg_temp.measure('events', '*', 'user_id, domain_id, number');
select pg_total_relation_size('minimal_events');
drop table minimal_events;
