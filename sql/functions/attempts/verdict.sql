-- The verdict protocol: verify, then ask. The outcome decides, not the verification.

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
#variable_conflict use_column
declare
    v_facts authn._attempt_facts;
begin
    if not authn._may_attempt() then
        perform authn._require_access('authn_service', 'authn_operator');
    end if;
    if record_attempt.succeeded is null then
        perform authn._raise('invalid_argument', 'an attempt succeeded or it did not', 'Pass true or false.', 'succeeded');
    end if;

    v_facts := authn._admit(record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id);
    if v_facts.decision = 'unknown' then
        perform authn._refuse_unknown_attempt(
            record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id
        );
    end if;
    if record_attempt.device_id is not null then
        perform authn._check_attempt_device(record_attempt.user_id, record_attempt.device_id, v_facts);
    end if;

    if v_facts.decision <> 'open' then
        if v_facts.decision <> 'not_available' then
            perform authn._note_refusal(
                record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id,
                record_attempt.device_id, v_facts, record_attempt.ip, record_attempt.user_agent
            );
        end if;
        return authn._refused(v_facts);
    end if;

    -- Every slot may be held by an attempt that was begun: then this one would be a guess too many.
    if v_facts.in_flight > 0 and authn._slots(
        v_facts, authn._policy(v_facts.tenant_id, v_facts.method, record_attempt.app_id)
    ) = 0 then
        return row(
            'busy', authn.status_rule(v_facts.at, null, null, v_facts.last_success_at), v_facts.failures, null
        )::authn.attempt_outcome;
    end if;

    return authn._count_attempt(
        v_facts, record_attempt.user_id, record_attempt.authenticator_id, record_attempt.app_id,
        record_attempt.succeeded, record_attempt.device_id, record_attempt.ip, record_attempt.user_agent
    );
end
$$;
alter function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) owner to authn_engine;
comment on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) is
    'the verdict on one attempt: call it alone in a read committed transaction and act on its outcome only after the commit; only ''succeeded'' lets anybody in; others: failed, refused, busy, not_available; AU001, AU002, AU003, AU011, AU016, AU017';
grant execute on function authn.record_attempt(uuid, uuid, uuid, boolean, uuid, inet, text) to authn_service, authn_operator;
