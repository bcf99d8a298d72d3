-- Who is calling, where an operator's map decides about it.
select
    authn.current_tenant(),
    authn._sees_every_tenant(),
    authn.current_apps(),
    authn.current_actor(),
    authn.caller_role()::text,
    authn._may_attempt()
