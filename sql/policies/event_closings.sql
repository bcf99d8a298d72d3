create policy only_visible_tenants on authn_data.event_closings to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.event_closings is 'rows of the tenants that the caller sees';

create policy only_every_app on authn_data.event_closings as restrictive to authn_owner
    using ((select authn.current_apps()) is null);
comment on policy only_every_app on authn_data.event_closings is 'a digest is over every app: a caller confined to some sees none';

create policy every_drop on authn_data.event_drops to authn_owner
    using (true);
comment on policy every_drop on authn_data.event_drops is 'how far back the log goes is the same for every tenant, and nobody''s secret';

create policy only_visible_tenants on authn_data.event_baselines to authn_owner
    using (tenant_id = any ((select authn.visible_tenants())::uuid[]));
comment on policy only_visible_tenants on authn_data.event_baselines is 'rows of the tenants that the caller sees';

create policy only_own_apps on authn_data.event_baselines as restrictive to authn_owner
    using (
        (select authn.current_apps()) is null
        or app_id is null
        or app_id = any ((select authn.current_apps())::uuid[])
    );
comment on policy only_own_apps on authn_data.event_baselines is
    'a caller confined to some apps sees what happened in their apps, and what concerns no single one';

create policy every_server on authn_data.log_servers to authn_owner
    using (true);
comment on policy every_server on authn_data.log_servers is 'which server this is, is nobody''s secret';
