-- Whoever is nobody to the product does not even see its names.
revoke all on schema authn from public;
grant usage, create on schema authn to authn_owner;
grant usage, create on schema authn to authn_engine;
grant usage on schema authn to authn_reader, authn_trusted, authn_gateway;
comment on schema authn is 'authenticators, their status and their lockout: the types, functions and views of pg_authn';
