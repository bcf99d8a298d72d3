-- Semantics, Scope decides reach, "lock domain": every lockable method, in two apps and on two devices.
begin;
\ir helpers/world.psql
select plan(3);

select pg_temp.enrol(method, app, device) from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device \g /dev/null
select bag_eq(
    $$select method, pg_temp.lock(method::text, 'Shop') from authn.methods where lockable$$,
    $$select method, 'failed' from authn.methods where lockable$$,
    'every lockable method has a path to its lock; the last wrong guess is answered like the others'
);
select bag_eq(
    $$select method, scope, app_name, device_name, status::text from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select m.method, m.scope, app, case when m.scope = 'device_user' then device end as device,
        case when m.lockable and case m.scope
            when 'global_user' then true
            when 'app_user' then app = 'Shop'
            when 'device_user' then app = 'Shop' and device = 'phone'
        end then 'locked' else 'registered' end as status
      from authn.methods m, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device
      where m.scope = 'device_user' or device = 'phone'$$,
    'global: every app; app: this app; device: this device in this app'
);
select bag_eq(
    $$select method, app_id from authn.locked_now where user_id = pg_temp.id('ada')$$,
    $$select method, case when scope <> 'global_user' then pg_temp.id('Shop') end from authn.methods where lockable$$,
    'one lock each, of a global authenticator in no single app'
);

select * from finish();
rollback;
