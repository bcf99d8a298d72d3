create table authn_data.batches (
    tenant_id uuid not null,
    batch_id uuid not null default gen_random_uuid(),
    action text not null,
    -- the one instant at which all of it happened: by it the log finds the events of the batch
    at timestamptz not null,
    actor text not null,
    reason text not null,
    -- what was asked for; null for an undo
    filter jsonb,
    -- of an undo, what it undid, which may be forgotten by now
    undoes uuid,
    constraint batches_pkey primary key (tenant_id, batch_id),
    constraint batch_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint action_is_known check (action in ('unlock', 'deactivate', 'undo')),
    constraint an_undo_has_no_filter check ((action = 'undo') = (filter is null)),
    constraint only_an_undo_undoes check ((action = 'undo') = (undoes is not null))
);
alter table authn_data.batches enable row level security;
alter table authn_data.batches force row level security;
comment on table authn_data.batches is 'bulk actions that changed something; what each changed is in the events that carry its id';
