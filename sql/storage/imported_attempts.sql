create table authn_data.imported_attempts (
    user_id uuid not null,
    -- The name of the attempt where it comes from, which makes a second import of it idle. In the order of its bytes:
    -- a replay of attempts of one instant is the same in every database.
    external_id text collate "C" not null,
    at timestamptz not null,
    tenant_id uuid not null,
    authenticator_id uuid not null,
    app_id uuid not null,
    device_id uuid,
    method authn.method not null,
    ip inet,
    user_agent text,
    succeeded boolean not null,
    constraint imported_attempts_pkey primary key (user_id, external_id),
    constraint external_id_is_not_blank check (btrim(external_id) <> '')
);
alter table authn_data.imported_attempts enable row level security;
alter table authn_data.imported_attempts force row level security;
comment on table authn_data.imported_attempts is
    'attempts that another system recorded: for history and what-if; no counter, status or event comes from them';
