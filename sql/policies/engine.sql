-- The engine: the role that owns what every attempt goes through. Policies that compare the tenant table
-- by table cost more than all the rest of an attempt, so the engine's functions compare it once, at the
-- door (pg_authn/src/attempts/door.rs), and see every row; what they may do to which table is granted here.
grant usage on schema authn_data to authn_engine;
grant select on
    authn_data.tenants, authn_data.apps, authn_data.users, authn_data.devices, authn_data.authenticators,
    authn_data.contexts, authn_data.app_methods, authn_data.lockout_policies, authn_data.refusals, authn_data.reservations
to authn_engine;
grant update (activated_at) on authn_data.users to authn_engine;
grant update on authn_data.contexts to authn_engine;
grant insert on authn_data.events, authn_data.locks to authn_engine;
grant insert, update on authn_data.refusals to authn_engine;
grant insert, update, delete on authn_data.reservations to authn_engine;

create policy every_row_for_the_engine on authn_data.tenants to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.tenants is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.apps to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.apps is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.users to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.users is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.devices to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.devices is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.authenticators to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.authenticators is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.contexts to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.contexts is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.app_methods to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.app_methods is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.lockout_policies to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.lockout_policies is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.refusals to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.refusals is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.reservations to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.reservations is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.events to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.events is 'the engine compares the tenant once, at the door';

create policy every_row_for_the_engine on authn_data.locks to authn_engine
    using (true);
comment on policy every_row_for_the_engine on authn_data.locks is 'the engine compares the tenant once, at the door';
