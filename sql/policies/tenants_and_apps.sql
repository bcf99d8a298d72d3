-- Row-level security: everybody reaches the tables as their owner, through views and functions, and
-- the owner sees the rows of the caller's tenant. The subselects are evaluated once per statement.

create policy only_visible_tenants on authn_data.tenants to authn_owner
    using (tenant_id = (select authn.current_tenant()) or (select authn._sees_every_tenant()));
comment on policy only_visible_tenants on authn_data.tenants is 'the caller''s tenant; every tenant for an operator who named none';

create policy every_binding on authn_data.role_bindings to authn_owner
    using (true);
comment on policy every_binding on authn_data.role_bindings is 'who is calling is found here, before there is a tenant to compare with';

create policy every_version on authn_data.schema_version to authn_owner
    using (true);
comment on policy every_version on authn_data.schema_version is 'the version of the storage is nobody''s secret';

create policy only_visible_tenants on authn_data.apps to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.apps is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.app_methods to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.app_methods is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.tenant_methods to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.tenant_methods is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.users to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.users is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.devices to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.devices is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.authenticators to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.authenticators is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.contexts to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.contexts is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.locks to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.locks is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.refusals to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.refusals is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.reservations to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.reservations is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.batches to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.batches is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.lockout_policies to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.lockout_policies is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.events to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.events is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.tenant_events to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.tenant_events is 'rows of the tenants that the caller sees';

create policy only_visible_tenants on authn_data.imported_attempts to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.imported_attempts is 'rows of the tenants that the caller sees';

create policy only_own_apps on authn_data.apps as restrictive to authn_owner
    using ((select authn.current_apps()) is null or app_id = any ((select authn.current_apps())::uuid[]));
comment on policy only_own_apps on authn_data.apps is 'a caller confined to some apps sees no other';

create policy only_own_apps on authn_data.contexts as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.contexts is
    'a caller confined to some apps sees their contexts, and the tenant-wide rows of global authenticators';

create policy only_own_apps on authn_data.app_methods as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.app_methods is 'a caller confined to some apps sees methods of their apps';

create policy only_own_apps on authn_data.lockout_policies as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.lockout_policies is 'a caller confined to some apps sees policies of their apps and of the tenant';

create policy only_own_apps on authn_data.locks as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.locks is 'a caller confined to some apps sees locks in their apps, and tenant-wide ones';

create policy only_own_apps on authn_data.refusals as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.refusals is 'a caller confined to some apps sees refusals in their apps';

create policy only_own_apps on authn_data.events as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.events is 'a caller confined to some apps sees what happened in their apps, and what concerns no single one';

create policy only_own_apps on authn_data.tenant_events as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.tenant_events is 'a caller confined to some apps sees changes of policy of their apps and of the tenant';

create policy only_own_apps on authn_data.imported_attempts as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.imported_attempts is 'a caller confined to some apps sees attempts in their apps';
