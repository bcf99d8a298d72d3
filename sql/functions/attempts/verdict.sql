-- The verdict protocol: verify, then ask. The outcome decides, not the verification.

alter function authn._record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) owner to authn_engine;
comment on function authn._record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) is
    'the verdict on one attempt; null where the call is wrong';

create function authn.record_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    succeeded boolean,
    device_id uuid default null,
    ip inet default null,
    user_agent text default null
)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        authn._record_attempt(
            record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id, record_attempt.succeeded,
            record_attempt.device_id, record_attempt.ip, record_attempt.user_agent
        ),
        authn._refuse_attempt(
            record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id, record_attempt.succeeded,
            record_attempt.device_id
        )
    );
end
$$;
alter function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) owner to authn_engine;
comment on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) is
    'the verdict on one attempt: call it alone in a read committed transaction and act on its outcome only after the commit; only ''succeeded'' lets anybody in; others: failed, refused, busy, not_available; AU001, AU002, AU003, AU011, AU016, AU017';
grant execute on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) to authn_service, authn_operator;
