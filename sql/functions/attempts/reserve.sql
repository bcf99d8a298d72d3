-- The reserve protocol: begin, commit, verify, complete. A slot is held from begin to complete, so that
-- not even the verification runs more often than the policy says.

alter function authn._expire_reservations(uuid, uuid, timestamptz) owner to authn_engine;
comment on function authn._expire_reservations(uuid, uuid, timestamptz) is
    'counts the reservations of a lock domain that nobody completed as failures, each at the instant it ran out; false where none is due; the caller holds the domain';
grant execute on function authn._expire_reservations(uuid, uuid, timestamptz) to authn_owner;

alter function authn._begin_attempt(uuid, uuid, uuid, uuid, inet, text) owner to authn_engine;
comment on function authn._begin_attempt(uuid, uuid, uuid, uuid, inet, text) is
    'reserves a slot for one attempt; null where the call is wrong';

alter function authn._complete_attempt(uuid, uuid, boolean) owner to authn_engine;
comment on function authn._complete_attempt(uuid, uuid, boolean) is
    'turns a reservation into a success or failure; null where the call is wrong';

create function authn._void_reservations(user_id uuid, context_id uuid, at timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update authn_data.reservations r
    set ended_at = _void_reservations.at,
        outcome = 'void'
    where r.user_id = _void_reservations.user_id
      and r.context_id = _void_reservations.context_id
      and r.ended_at is null;
end
$$;
comment on function authn._void_reservations(uuid, uuid, timestamptz) is 'ends the attempts in flight on a lock domain without counting them';

create function authn.begin_attempt(
    user_id uuid,
    authenticator_id uuid,
    app_id uuid,
    device_id uuid default null,
    ip inet default null,
    user_agent text default null,
    out decision text,
    out attempt_id uuid,
    out retry_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_begun authn._begun_attempt;
begin
    v_begun := coalesce(
        authn._begin_attempt(
            begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id, begin_attempt.device_id,
            begin_attempt.ip, begin_attempt.user_agent
        ),
        authn._refuse_beginning(
            begin_attempt.user_id, begin_attempt.authenticator_id, begin_attempt.app_id, begin_attempt.device_id
        )
    );
    decision := v_begun.decision;
    attempt_id := v_begun.attempt_id;
    retry_at := v_begun.retry_at;
end
$$;
alter function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) owner to authn_engine;
comment on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) is
    'reserves a slot for one attempt: commit, verify, then complete it. decision: admitted (with an attempt_id), busy (every slot is in flight), locked, deactivated, not_available; retry_at: when asking again makes sense; AU001, AU002, AU003, AU011, AU016';
grant execute on function authn.begin_attempt(uuid, uuid, uuid, uuid, inet, text) to authn_service, authn_operator;

create function authn.complete_attempt(user_id uuid, attempt_id uuid, succeeded boolean)
returns authn.attempt_outcome
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        authn._complete_attempt(complete_attempt.user_id, complete_attempt.attempt_id, complete_attempt.succeeded),
        authn._refuse_completion(complete_attempt.user_id, complete_attempt.attempt_id, complete_attempt.succeeded)
    );
end
$$;
alter function authn.complete_attempt(uuid, uuid, boolean) owner to authn_engine;
comment on function authn.complete_attempt(uuid, uuid, boolean) is
    'turns a reservation into a success or failure, by the status at this instant; outcome: succeeded, failed, refused, not_available, void (unlocked in between), expired (counted as a failure already), already_completed; AU001, AU004, AU017';
grant execute on function authn.complete_attempt(uuid, uuid, boolean) to authn_service, authn_operator;
