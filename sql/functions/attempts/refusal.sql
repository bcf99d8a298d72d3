-- Calls that are wrong: by the time one of these runs an attempt was refused, and what is said is why.

create function authn._refuse_unknown_attempt(user_id uuid, authenticator_id uuid, app_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._tenant_of_app(
        _refuse_unknown_attempt.app_id, authn._tenant_of(_refuse_unknown_attempt.user_id)
    );
    perform authn._method_of(_refuse_unknown_attempt.user_id, _refuse_unknown_attempt.authenticator_id);
    perform authn._require_registered_in_app(
        _refuse_unknown_attempt.user_id, _refuse_unknown_attempt.authenticator_id, _refuse_unknown_attempt.app_id
    );
end
$$;
comment on function authn._refuse_unknown_attempt(uuid, uuid, uuid) is
    'says which id an attempt got wrong: AU001, AU003, AU002, AU016';
grant execute on function authn._refuse_unknown_attempt(uuid, uuid, uuid) to authn_engine;

create function authn._refuse_device(user_id uuid, authenticator_id uuid, device_id uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_authenticator record;
begin
    select a.method, a.device_id
    into v_authenticator
    from authn_data.authenticators a
    where a.user_id = _refuse_device.user_id
      and a.authenticator_id = _refuse_device.authenticator_id;

    if _refuse_device.device_id is null or _refuse_device.device_id = v_authenticator.device_id then
        return;
    end if;
    perform authn._require_device(_refuse_device.user_id, _refuse_device.device_id);
    if v_authenticator.device_id is not null then
        perform authn._raise(
            'scope_mismatch',
            format('this %s is bound to another device', v_authenticator.method),
            'Leave the device out: the authenticator has its own.',
            'device_id'
        );
    end if;
end
$$;
comment on function authn._refuse_device(uuid, uuid, uuid) is
    'AU011 for a device that is not the user''s, AU009 for another than the authenticator is bound to';
grant execute on function authn._refuse_device(uuid, uuid, uuid) to authn_engine;

create function authn._require_verdict(succeeded boolean)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if _require_verdict.succeeded is null then
        perform authn._raise('invalid_argument', 'an attempt succeeded or it did not', 'Pass true or false.', 'succeeded');
    end if;
end
$$;
comment on function authn._require_verdict(boolean) is 'AU017 for an attempt of which nobody says whether it succeeded';
grant execute on function authn._require_verdict(boolean) to authn_engine;

create function authn._refuse_beginning(user_id uuid, authenticator_id uuid, app_id uuid, device_id uuid)
returns authn._begun_attempt
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._require_access('authn_service', 'authn_operator');
    perform authn._refuse_unknown_attempt(
        _refuse_beginning.user_id, _refuse_beginning.authenticator_id, _refuse_beginning.app_id
    );
    perform authn._refuse_device(
        _refuse_beginning.user_id, _refuse_beginning.authenticator_id, _refuse_beginning.device_id
    );
    -- It was wrong, and is not any more: registered a moment ago.
    raise exception using
        errcode = 'serialization_failure',
        message = 'what the attempt names was changed while it was looked up',
        hint = 'Call again.';
end
$$;
alter function authn._refuse_beginning(uuid, uuid, uuid, uuid) owner to authn_engine;
comment on function authn._refuse_beginning(uuid, uuid, uuid, uuid) is
    'says what is wrong with an attempt: AU010, AU001, AU003, AU002, AU016, AU011, AU009';

create function authn._refuse_attempt(user_id uuid, authenticator_id uuid, app_id uuid, succeeded boolean, device_id uuid)
returns authn.attempt_outcome
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._require_access('authn_service', 'authn_operator');
    perform authn._require_verdict(_refuse_attempt.succeeded);
    perform authn._refuse_beginning(
        _refuse_attempt.user_id, _refuse_attempt.authenticator_id, _refuse_attempt.app_id, _refuse_attempt.device_id
    );
    return null;
end
$$;
alter function authn._refuse_attempt(uuid, uuid, uuid, boolean, uuid) owner to authn_engine;
comment on function authn._refuse_attempt(uuid, uuid, uuid, boolean, uuid) is
    'says what is wrong with an attempt and its verdict: AU010, AU017, and what authn._refuse_beginning says';

create function authn._refuse_completion(user_id uuid, attempt_id uuid, succeeded boolean)
returns authn.attempt_outcome
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform authn._require_access('authn_service', 'authn_operator');
    perform authn._require_verdict(_refuse_completion.succeeded);
    perform authn._tenant_of(_refuse_completion.user_id);
    perform authn._raise(
        'unknown_attempt',
        format('user %s has no attempt %s', _refuse_completion.user_id, coalesce(_refuse_completion.attempt_id::text, '(null)')),
        'Pass the attempt_id that authn.begin_attempt answered.',
        'attempt_id'
    );
    return null;
end
$$;
alter function authn._refuse_completion(uuid, uuid, boolean) owner to authn_engine;
comment on function authn._refuse_completion(uuid, uuid, boolean) is
    'says what is wrong with the completion of an attempt: AU010, AU017, AU001, AU004';
