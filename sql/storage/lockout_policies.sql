create table authn_data.lockout_policies (
    tenant_id uuid not null,
    method authn.method not null,
    -- null: the tenant's policy for the method
    app_id uuid,
    version integer not null,
    -- one element per tier; a null duration lasts until an admin unlocks
    tier_failures integer[] not null,
    tier_durations interval[] not null,
    failures_expire_after interval,
    then_permanent boolean not null,
    set_at timestamptz not null,
    set_by text not null,
    reason text,
    ended_at timestamptz,
    constraint lockout_policy_versions_are_unique unique nulls not distinct (tenant_id, method, app_id, version),
    constraint policy_belongs_to_a_tenant foreign key (tenant_id) references authn_data.tenants (tenant_id),
    constraint policy_of_an_app_of_the_same_tenant
        foreign key (app_id, tenant_id) references authn_data.apps (app_id, tenant_id),
    constraint only_a_lockable_method_has_a_policy check (authn.method_lockable(method)),
    constraint a_global_method_has_one_policy_per_tenant
        check (app_id is null or authn.method_scope(method) <> 'global_user'),
    constraint one_to_ten_tiers
        check (cardinality(tier_failures) between 1 and 10 and cardinality(tier_durations) = cardinality(tier_failures)),
    constraint version_is_positive check (version > 0)
);
alter table authn_data.lockout_policies enable row level security;
alter table authn_data.lockout_policies force row level security;
comment on table authn_data.lockout_policies is 'every version of every policy; the one without an end is in force';

create unique index one_policy_in_force on authn_data.lockout_policies (tenant_id, method, app_id)
    nulls not distinct where ended_at is null;
comment on index authn_data.one_policy_in_force is 'finds the policy in force, and allows no second one';
