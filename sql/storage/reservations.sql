create table authn_data.reservations (
    user_id uuid not null,
    attempt_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    -- the lock domain whose slot is held
    context_id uuid not null,
    authenticator_id uuid not null,
    app_id uuid not null,
    device_id uuid,
    ip inet,
    user_agent text,
    reserved_at timestamptz not null,
    expires_at timestamptz not null,
    -- null while in flight
    ended_at timestamptz,
    outcome text,
    constraint reservations_pkey primary key (user_id, attempt_id),
    constraint reservation_of_a_domain
        foreign key (user_id, context_id) references authn_data.contexts (user_id, context_id),
    constraint a_reservation_expires_after_it_is_made check (expires_at > reserved_at),
    constraint what_ended_has_an_outcome check ((ended_at is null) = (outcome is null)),
    constraint outcome_is_known check (authn._is_reservation_outcome(outcome))
);
alter table authn_data.reservations enable row level security;
alter table authn_data.reservations force row level security;
comment on table authn_data.reservations is 'attempts begun: each holds a slot of its lock domain until it is completed or expires';

create index reservations_in_flight on authn_data.reservations (user_id, context_id, expires_at) where ended_at is null;
comment on index authn_data.reservations_in_flight is 'the slots that a lock domain has given away';
