-- Implicit registration: an address on the profile is an authenticator. Triggers, so that every way of
-- writing a user obeys; they touch only rows of the same user.

create function authn._register_contact()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_old_email text;
    v_old_phone text;
    v_new_email text := authn.canonical_email(new.email);
    v_new_phone text := authn.canonical_phone(new.phone);
    v_gone uuid;
begin
    if tg_op = 'UPDATE' then
        v_old_email := authn.canonical_email(old.email);
        v_old_phone := authn.canonical_phone(old.phone);
    end if;

    for v_gone in
        select a.authenticator_id
        from authn_data.authenticators a
        where a.user_id = new.user_id
          and a.removed_at is null
          and (
              (a.method in ('email_otp', 'email_magic_link') and a.identifier is distinct from v_new_email)
              or (a.method = 'sms_otp' and a.identifier is distinct from v_new_phone)
          )
    loop
        perform authn._remove(new.user_id, v_gone, null, 'the address on the profile changed');
    end loop;

    if v_new_email is not null and v_new_email is distinct from v_old_email then
        perform authn._register(new.user_id, new.tenant_id, 'email_otp', null, null, v_new_email, null);
        perform authn._register(new.user_id, new.tenant_id, 'email_magic_link', null, null, v_new_email, null);
    end if;
    if v_new_phone is not null and v_new_phone is distinct from v_old_phone then
        perform authn._register(new.user_id, new.tenant_id, 'sms_otp', null, null, v_new_phone, null);
    end if;
    return null;
end
$$;
comment on function authn._register_contact() is
    'keeps the implicit authenticators of a user in step with email and phone; what goes keeps its counter and lock';

create function authn._refuse_change()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'object_not_in_prerequisite_state',
        message = format('%s is append-only', tg_table_name),
        hint = 'What happened stays; retention drops whole partitions.';
end
$$;
comment on function authn._refuse_change() is 'refuses every update, delete and truncate of the event log';
