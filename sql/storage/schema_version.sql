create table authn_data.schema_version (
    version text not null,
    installed_at timestamptz not null default statement_timestamp(),
    installed_by text not null default session_user,
    constraint schema_version_is_recorded_once primary key (version)
);
alter table authn_data.schema_version enable row level security;
alter table authn_data.schema_version force row level security;
comment on table authn_data.schema_version is 'the versions of the storage, oldest first; kept beside the data so that a restored dump knows its own';
