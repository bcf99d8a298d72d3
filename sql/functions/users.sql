create function authn._check_contact(email text, phone text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if _check_contact.email is not null and authn.canonical_email(_check_contact.email) is null then
        perform authn._raise(
            'identity_invalid',
            format('%L is not an email address', _check_contact.email),
            'An address looks like name@example.com.',
            'email'
        );
    end if;
    if _check_contact.phone is not null and authn.canonical_phone(_check_contact.phone) is null then
        perform authn._raise(
            'identity_invalid',
            format('%L is not an international phone number', _check_contact.phone),
            'Begin with + and the country code: +49 151 1234567.',
            'phone'
        );
    end if;
end
$$;
comment on function authn._check_contact(text, text) is 'AU013 for an email or phone that is not one';

-- Apart from authn.create_user, because who knows the id knows the machine (sql/functions/relay.sql).
create function authn._create_user(user_id uuid, tenant_id uuid, email text, phone text, display_name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into authn_data.users (user_id, tenant_id, email, phone, display_name)
    values (
        _create_user.user_id, _create_user.tenant_id, btrim(_create_user.email), btrim(_create_user.phone),
        _create_user.display_name
    );
end
$$;
comment on function authn._create_user(uuid, uuid, text, text, text) is 'makes a user whose id is known';

create function authn.create_user(
    tenant_id uuid,
    email text default null,
    phone text default null,
    display_name text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id uuid := gen_random_uuid();
begin
    perform authn._require_access('authn_service', 'authn_admin', 'authn_operator');
    perform authn._require_tenant(create_user.tenant_id);
    perform authn._check_contact(create_user.email, create_user.phone);

    perform authn._create_user(
        v_user_id, create_user.tenant_id, create_user.email, create_user.phone, create_user.display_name
    );
    return v_user_id;
end
$$;
comment on function authn.create_user(uuid, text, text, text) is
    'makes a user, with the authenticators that an email and a phone number bring, and answers the id; AU012, AU013';
grant execute on function authn.create_user(uuid, text, text, text) to authn_admin, authn_operator, authn_service;

create function authn.update_user(user_id uuid, email text, phone text, display_name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform authn._require_access('authn_service', 'authn_admin', 'authn_operator');
    perform authn._tenant_of(update_user.user_id);
    perform authn._check_contact(update_user.email, update_user.phone);

    -- The lock domains before the user, as attempts lock them.
    perform authn._lock_domains(update_user.user_id, authn._authenticators_of(update_user.user_id));
    update authn_data.users u
    set email = btrim(update_user.email),
        phone = btrim(update_user.phone),
        display_name = update_user.display_name
    where u.user_id = update_user.user_id;
end
$$;
comment on function authn.update_user(uuid, text, text, text) is
    'sets email, phone and name (null clears), and with them the implicit authenticators; AU001, AU013';
grant execute on function authn.update_user(uuid, text, text, text) to authn_admin, authn_operator, authn_service;

create function authn.create_device(user_id uuid, name text, platform text default null)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant_id uuid := authn._tenant_of(create_device.user_id);
    v_device_id uuid;
begin
    perform authn._require_access('authn_service', 'authn_admin', 'authn_operator');
    if coalesce(btrim(create_device.name), '') = '' then
        perform authn._raise('invalid_argument', 'a device has a name', null, 'name');
    end if;

    insert into authn_data.devices (user_id, tenant_id, name, platform)
    values (create_device.user_id, v_tenant_id, btrim(create_device.name), create_device.platform)
    returning device_id into v_device_id;
    return v_device_id;
end
$$;
comment on function authn.create_device(uuid, text, text) is 'records a device of a user and answers its id; AU001, AU017';
grant execute on function authn.create_device(uuid, text, text) to authn_admin, authn_operator, authn_service;
