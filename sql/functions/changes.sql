-- What followers of the log are told about. Storage calls these: its indexes, a trigger and a view.

comment on function authn._changes_status(authn.event_kind, authn.status, authn.status) is
    'whether an event of the log changes a status, or a fact that one depends on: every action does, hardly any attempt';
grant execute on function authn._changes_status(authn.event_kind, authn.status, authn.status) to authn_engine;

-- Immutable, because the ends that actions write down carry their offset: no setting of a session matters.
-- Leakproof, because they are written by nobody else, so that the cast cannot fail.
create function authn._written_end(details jsonb)
returns timestamptz
language plpgsql
immutable
leakproof
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return (_written_end.details ->> 'until')::timestamptz;
end
$$;
comment on function authn._written_end(jsonb) is
    'when what an event tells of ends by itself: "until" of its details; ''infinity'' never, null where it has no end';
grant execute on function authn._written_end(jsonb) to authn_reader, authn_engine;

create function authn._wake_followers()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Without content: anybody may listen. Once per transaction, however many changes it makes.
    notify authn_changed;
    return null;
end
$$;
comment on function authn._wake_followers() is
    'notifies authn_changed when the transaction commits: who listens then reads the log with his own rights';
