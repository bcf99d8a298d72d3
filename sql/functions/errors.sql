-- The catalogue of errors: one row per condition that a caller can branch on.
create function authn.error_catalog()
returns table (sqlstate text, condition text, meaning text)
language sql
immutable
parallel safe
rows 20
begin atomic
    select catalog.*
    from (values
        ('AU001', 'unknown_user', 'no such user in this tenant'),
        ('AU002', 'unknown_authenticator', 'no such authenticator of this user'),
        ('AU003', 'unknown_app', 'no such app in this tenant'),
        ('AU004', 'unknown_attempt', 'no such attempt of this user'),
        ('AU005', 'app_required', 'the method is bound to an app and none was named'),
        ('AU006', 'device_required', 'the method is bound to a device and none was named'),
        ('AU007', 'method_not_lockable', 'failures never lock this method'),
        ('AU008', 'policy_invalid', 'the lockout policy cannot work as written'),
        ('AU009', 'scope_mismatch', 'the argument does not fit the scope of the method'),
        ('AU010', 'not_allowed', 'the caller may not do this'),
        ('AU011', 'unknown_device', 'no such device of this user'),
        ('AU012', 'unknown_tenant', 'no such tenant for this caller'),
        ('AU013', 'identity_invalid', 'the email, phone number, provider or subject is missing or malformed'),
        ('AU014', 'settings_invalid', 'a setting is unknown or out of range'),
        ('AU015', 'method_not_offered', 'the app does not offer this method'),
        ('AU016', 'not_registered_in_app', 'the authenticator is not registered in this app'),
        ('AU017', 'invalid_argument', 'an argument is missing or out of range'),
        ('AU018', 'cursor_expired', 'the log does not reach back to this cursor any more'),
        ('AU019', 'storage_missing', 'the tables are not there yet, or belong to another version'),
        ('AU020', 'unknown_batch', 'no such bulk action in this tenant')
    ) as catalog (sqlstate, condition, meaning);
end;
comment on function authn.error_catalog() is 'every error condition of class AU, with its SQLSTATE and meaning';
grant execute on function authn.error_catalog() to authn_reader;

create view authn.error_codes as
select c.sqlstate, c.condition, c.meaning
from authn.error_catalog() c;
comment on view authn.error_codes is 'every error condition of class AU';
alter view authn.error_codes owner to authn_owner;
grant select on authn.error_codes to authn_reader;

-- Raises a condition of the catalogue by its name, so that no other file knows a code.
create function authn._raise(condition text, message text, hint text default null, argument text default null)
returns void
language plpgsql
volatile
parallel safe
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_sqlstate text := (select c.sqlstate from authn.error_catalog() c where c.condition = _raise.condition);
begin
    raise exception using
        errcode = v_sqlstate,
        message = _raise.message,
        hint = coalesce(_raise.hint, ''),
        column = coalesce(_raise.argument, '');
end
$$;
comment on function authn._raise(text, text, text, text) is
    'raises a catalogued condition; argument is the path to what was at fault (tiers[0].failures) and reaches the client as the error''s column';
grant execute on function authn._raise(text, text, text, text) to authn_engine;
