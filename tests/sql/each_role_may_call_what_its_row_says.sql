-- Semantics, Who may do what. Execute on the public functions that change something, role by role;
-- inherited rights count.
begin;
select plan(3);

create view pg_temp.may_call as
select r.role_name, p.proname::text as function_name
from unnest('{authn_reader,authn_support,authn_admin,authn_service,authn_operator,authn_trusted}'::text[]) as r (role_name), pg_proc p
where p.pronamespace = 'authn'::regnamespace and p.provolatile = 'v' and p.proname !~ '^_' and has_function_privilege(r.role_name, p.oid, 'execute');

select is_empty(
    $$select * from pg_temp.may_call where role_name in ('authn_reader', 'authn_trusted')$$, 'a reader changes nothing, and being believed is no right'
);
select bag_eq(
    $$select role_name, function_name from pg_temp.may_call where role_name in ('authn_support', 'authn_service')$$,
    $$select 'authn_support', f from unnest('{unlock,unlock_authenticator,deactivate_authenticator,reactivate_authenticator}'::text[]) f
      union all
      select 'authn_service', f from unnest('{create_user,update_user,create_device,register_authenticator,remove_authenticator,record_attempt,begin_attempt,complete_attempt}'::text[]) f$$,
    'support unlocks (and deactivates where the tenant allows it); a login service registers and attempts'
);
select is_empty(
    $$select proname from pg_proc p where pronamespace = 'authn'::regnamespace and provolatile = 'v' and proname ~ '^_'
      and exists (select from unnest('{authn_reader,authn_support,authn_admin,authn_service,authn_operator,authn_trusted,authn_gateway}'::text[]) r
        where has_function_privilege(r, p.oid, 'execute'))$$,
    'what begins with an underscore is for the product itself'
);

select * from finish();
rollback;
