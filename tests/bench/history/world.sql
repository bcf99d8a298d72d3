-- What an import of make bench goes into: users with a password each, made as a restore makes them.
\set ON_ERROR_STOP on
set client_min_messages = warning;
create extension pg_authn;
select authn.migrate();
alter role authn_gateway password :'password';

insert into authn_data.tenants (name) values ('Bench');
select authn.create_app(t.tenant_id, 'Login') from authn.tenants t;
insert into authn_data.users (tenant_id) select t.tenant_id from authn_data.tenants t, generate_series(1, :users);
insert into authn_data.authenticators (user_id, tenant_id, method, registered_at)
select u.user_id, u.tenant_id, 'password', u.created_at from authn_data.users u;
insert into authn_data.contexts (user_id, tenant_id, authenticator_id, app_id, method, registered_at)
select a.user_id, a.tenant_id, a.authenticator_id, p.app_id, a.method, a.registered_at
from authn_data.authenticators a, authn_data.apps p;
vacuum (analyze) authn_data.users, authn_data.authenticators, authn_data.contexts;
