create table authn_data.users (
    user_id uuid not null default gen_random_uuid(),
    tenant_id uuid not null,
    email text,
    phone text,
    display_name text,
    created_at timestamptz not null default clock_timestamp(),
    -- the first success with any authenticator: what ends "pending"
    activated_at timestamptz,
    suspended_since timestamptz,
    suspended_until timestamptz,
    suspended_by text,
    suspension_reason text,
    -- the number of the user's latest event of his own
    event_number bigint not null default 0,
    constraint users_pkey primary key (user_id),
    -- in this order it is also a tenant's users in the order of their keys
    constraint user_is_of_one_tenant unique (tenant_id, user_id),
    constraint user_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint email_is_an_address check (email is null or authn.canonical_email(email) is not null),
    constraint phone_is_an_international_number check (phone is null or authn.canonical_phone(phone) is not null),
    constraint a_suspension_has_a_beginning_and_an_end
        check ((suspended_since is null) = (suspended_until is null) and suspended_until >= suspended_since)
);
alter table authn_data.users enable row level security;
alter table authn_data.users force row level security;
comment on table authn_data.users is 'the people of a tenant; suspended_until ''infinity'' is for good, null was never or was lifted';

create index users_by_name on authn_data.users (tenant_id, (coalesce(display_name, '')), user_id);
comment on index authn_data.users_by_name is 'a tenant''s users in the order that lists show them';
create index users_by_email on authn_data.users (tenant_id, (authn.canonical_email(email)) text_pattern_ops) where email is not null;
comment on index authn_data.users_by_email is 'search by the beginning of an email address';
create index users_by_phone on authn_data.users (tenant_id, (authn.canonical_phone(phone)) text_pattern_ops) where phone is not null;
comment on index authn_data.users_by_phone is 'search by the beginning of a phone number';
-- Without a list of what is still to be sorted in: whoever searches would read that first.
create index users_by_search_key on authn_data.users
using gin (array_to_tsvector(authn._search_keys(tenant_id, email, phone, display_name))) with (fastupdate = off);
comment on index authn_data.users_by_search_key is 'search by the beginning of a word of the name, and by what masks show';
create index users_suspended on authn_data.users (tenant_id, suspended_until) where suspended_until is not null;
comment on index authn_data.users_suspended is 'who is suspended, without reading the others';
