-- Attempts that are not admitted: an id that is wrong, or a lock or deactivation in force.

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

create function authn._note_refusal(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid,
    facts authn._attempt_facts,
    ip inet,
    user_agent text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_since timestamptz := case
        when facts.decision = 'locked' then facts.locked_since
        else facts.blocked_since
    end;
    v_counted_at timestamptz;
    v_tally bigint;
begin
    if pg_is_in_recovery() then
        return;
    end if;

    -- Looked up first: a flood of refusals is a flood of reads.
    select r.counted_at
    into v_counted_at
    from authn_data.refusals r
    where r.user_id = _note_refusal.user_id
      and r.context_id = facts.domain_id
      and r.since = v_since;

    if not found then
        insert into authn_data.refusals (
            user_id, context_id, since, tenant_id, authenticator_id, app_id, device_id, method, status, first_at,
            actor, role, ip, user_agent, request_id, counted_at
        )
        values (
            _note_refusal.user_id, facts.domain_id, v_since, facts.tenant_id, _note_refusal.authenticator_id,
            _note_refusal.app_id, coalesce(_note_refusal.device_id, facts.device_id), facts.method,
            facts.decision::authn.status, facts.at, authn.current_actor(), authn.caller_role(),
            coalesce(_note_refusal.ip, authn._trusted_setting('ip')::inet),
            coalesce(_note_refusal.user_agent, authn._trusted_setting('user_agent')),
            authn._trusted_setting('request_id'), facts.at
        )
        on conflict on constraint refusals_pkey do nothing;
        return;
    end if;

    -- The rest is tallied in this backend, and written at most once a second by whoever need not wait.
    v_tally := authn._tally_refusals(facts.domain_id, v_since, 1);
    if v_counted_at <= facts.at - interval '1 second' then
        update authn_data.refusals r
        set further = r.further + v_tally,
            counted_at = facts.at
        where r.user_id = _note_refusal.user_id
          and r.context_id = facts.domain_id
          and r.since = v_since
          and r.counted_at = v_counted_at
          and exists (
              select
              from authn_data.refusals f
              where f.user_id = _note_refusal.user_id
                and f.context_id = facts.domain_id
                and f.since = v_since
              for no key update skip locked
          );
        if found then
            perform authn._tally_refusals(facts.domain_id, v_since, -v_tally);
        end if;
    end if;
end
$$;
alter function authn._note_refusal(uuid, uuid, uuid, uuid, authn._attempt_facts, inet, text) owner to authn_engine;
comment on function authn._note_refusal(uuid, uuid, uuid, uuid, authn._attempt_facts, inet, text) is
    'records the first attempt that a lock or deactivation refuses, and counts the rest approximately';

create function authn._check_attempt_device(user_id uuid, device_id uuid, facts authn._attempt_facts)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if _check_attempt_device.device_id is null or _check_attempt_device.device_id = facts.device_id then
        return;
    end if;
    perform authn._require_device(_check_attempt_device.user_id, _check_attempt_device.device_id);
    if facts.device_id is not null then
        perform authn._raise(
            'scope_mismatch',
            format('this %s is bound to another device', facts.method),
            'Leave the device out: the authenticator has its own.',
            'device_id'
        );
    end if;
end
$$;
comment on function authn._check_attempt_device(uuid, uuid, authn._attempt_facts) is
    'AU011 for a device that is not the user''s, AU009 for another than the authenticator is bound to';
grant execute on function authn._check_attempt_device(uuid, uuid, authn._attempt_facts) to authn_engine;

-- Not an SQL function: one that answers a row is not inlined, and would be planned anew in every call.
create function authn._refused(facts authn._attempt_facts)
returns authn.attempt_outcome
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return row(
        case when facts.decision = 'not_available' then 'not_available' else 'refused' end,
        case when facts.decision in ('locked', 'deactivated') then facts.decision::authn.status end,
        facts.failures,
        case when facts.locked_until > facts.at then facts.locked_until end
    )::authn.attempt_outcome;
end
$$;
comment on function authn._refused(authn._attempt_facts) is 'the answer to an attempt that was not admitted';
grant execute on function authn._refused(authn._attempt_facts) to authn_engine;
