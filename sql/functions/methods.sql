-- What a method is. authn_rules decides (an exhaustive match that does not compile with a method left
-- out); these are its answers as bare expressions, which constraints, views and plans can inline.
-- finalize.sql compares the two for every label and creates no extension where they differ.

create function authn.method_scope(method authn.method)
returns authn.scope
language sql
immutable
parallel safe
return case method
    when 'password' then 'app_user'::authn.scope
    when 'totp' then 'app_user'::authn.scope
    when 'pin' then 'device_user'::authn.scope
    when 'passkey' then 'device_user'::authn.scope
    when 'mobile_biometric' then 'device_user'::authn.scope
    when 'sms_otp' then 'global_user'::authn.scope
    when 'email_otp' then 'global_user'::authn.scope
    when 'email_magic_link' then 'global_user'::authn.scope
    when 'social' then 'global_user'::authn.scope
    when 'oidc' then 'global_user'::authn.scope
    when 'saml' then 'global_user'::authn.scope
end;
comment on function authn.method_scope(authn.method) is 'what an authenticator of this method is bound to';
grant execute on function authn.method_scope(authn.method) to authn_reader;

create function authn.method_lockable(method authn.method)
returns boolean
language sql
immutable
parallel safe
return case method
    when 'password' then true
    when 'totp' then true
    when 'pin' then true
    when 'passkey' then false
    when 'mobile_biometric' then false
    when 'sms_otp' then true
    when 'email_otp' then true
    when 'email_magic_link' then false
    when 'social' then false
    when 'oidc' then false
    when 'saml' then false
end;
comment on function authn.method_lockable(authn.method) is 'whether failures of this method are counted and lock it';
grant execute on function authn.method_lockable(authn.method) to authn_reader;

create function authn.method_registration(method authn.method)
returns authn.registration
language sql
immutable
parallel safe
return case method
    when 'password' then 'explicit'::authn.registration
    when 'totp' then 'explicit'::authn.registration
    when 'pin' then 'explicit'::authn.registration
    when 'passkey' then 'explicit'::authn.registration
    when 'mobile_biometric' then 'explicit'::authn.registration
    when 'sms_otp' then 'implicit'::authn.registration
    when 'email_otp' then 'implicit'::authn.registration
    when 'email_magic_link' then 'implicit'::authn.registration
    when 'social' then 'implicit'::authn.registration
    when 'oidc' then 'implicit'::authn.registration
    when 'saml' then 'implicit'::authn.registration
end;
comment on function authn.method_registration(authn.method) is 'whether the user enrols, or the authenticator comes with an address or a first login';
grant execute on function authn.method_registration(authn.method) to authn_reader;

-- For expressions over many rows, in which inlining the one above costs more than calling.
comment on function authn._is_global(authn.method) is 'whether the scope is global_user, as authn_rules decides';
grant execute on function authn._is_global(authn.method) to authn_engine;

create view authn.methods as
select
    m.method,
    authn.method_scope(m.method) as scope,
    authn.method_lockable(m.method) as lockable,
    authn.method_registration(m.method) as registration
from pg_catalog.unnest(pg_catalog.enum_range(null::authn.method)) with ordinality as m (method, position)
order by m.position;
comment on view authn.methods is 'every method with its scope, whether it can lock, and how it is registered';
alter view authn.methods owner to authn_owner;
grant select on authn.methods to authn_reader;
