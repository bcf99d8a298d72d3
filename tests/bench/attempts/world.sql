-- A thousand users with a password each, a hundred whose TOTP is locked, and one whose SMS code works in three
-- apps. Their ids follow from a number, so that a caller has them at hand, as a login service has.
set client_min_messages = warning;
create extension pg_authn;
select authn.migrate();

-- The floor: the least that recording an attempt could be in PostgreSQL.
create table floor_counter (n integer primary key, failures bigint not null default 0, last_at timestamptz)
with (fillfactor = 80);
create table floor_event (n integer, at timestamptz, id uuid, primary key (n, at, id));
insert into floor_counter select generate_series(1, 1000);
grant select, insert, update on floor_counter, floor_event to authn_service;

create function id(kind text, n bigint) returns uuid
language sql immutable parallel safe
return (kind || '00000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid;

select authn.create_tenant('Bench') as tenant \gset
insert into authn_data.apps (app_id, tenant_id, name) select id('aaa', n), :'tenant', 'App ' || n from generate_series(1, 3) n;
insert into authn_data.app_methods (app_id, tenant_id, method)
select a.app_id, a.tenant_id, m.method from authn_data.apps a, authn.methods m;
-- Far from a lock: what is measured is failures, not refusals.
select authn.set_lockout_policy(:'tenant', m, '[{"failures": 90, "duration": "1 second"}]') from unnest('{password,sms_otp}'::authn.method[]) m;

insert into authn_data.users (user_id, tenant_id, display_name) select id('bbb', n), :'tenant', 'User ' || n from generate_series(1, 1100) n;
insert into authn_data.authenticators (user_id, authenticator_id, tenant_id, method, registered_at)
select user_id, user_id, tenant_id, case when user_id <= id('bbb', 1000) then 'password' else 'totp' end::authn.method, now()
from authn_data.users;
insert into authn_data.contexts (user_id, context_id, tenant_id, authenticator_id, app_id, method, registered_at)
select user_id, user_id, tenant_id, authenticator_id, id('aaa', 1), method, now() from authn_data.authenticators;
do $$
begin
    for n in 1001..1100 loop
        for attempt in 1..5 loop
            perform authn.record_attempt(id('bbb', n), id('bbb', n), id('aaa', 1), false);
        end loop;
    end loop;
end
$$;

insert into authn_data.users (user_id, tenant_id, phone) values (id('ccc', 1), :'tenant', '+49 151 12345678');
update authn_data.locks set until = 'infinity';
update authn_data.contexts set locked_until = 'infinity' where locked_until is not null;
vacuum analyze;
