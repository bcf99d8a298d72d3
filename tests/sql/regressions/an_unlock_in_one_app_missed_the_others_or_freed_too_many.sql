-- An unlock asked for in one app left a code that is shared by all apps locked in the others, and unlocked a
-- password that each app has its own of everywhere. Here everything is locked in two apps and on two devices, and
-- unlocked from Shop.
begin;
\ir ../helpers/world.psql
select plan(3);

select pg_temp.enrol(method, app, device) from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device where lockable \g /dev/null
select pg_temp.lock(method || device, app)
from authn.methods, unnest('{Shop,Wallet}'::text[]) app, unnest(array['', ' on laptop']) device
where lockable and (scope = 'device_user' or device = '') \g /dev/null
select is_empty($$select * from authn.contexts where user_id = pg_temp.id('ada') and status <> 'locked'$$, 'all locked');

create temp table unlocked as
select c.* from authn.methods m, authn.unlock(pg_temp.id('ada'), m.method, pg_temp.id('Shop'), 'called in') c where m.lockable;
select bag_eq(
    $$select method, app_name, device_name, status::text from authn.contexts where user_id = pg_temp.id('ada')$$,
    $$select m.method, app, case when m.scope = 'device_user' then device end as device,
        case when m.scope = 'global_user' or app = 'Shop' then 'registered' else 'locked' end as status
      from authn.methods m, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device
      where m.lockable and (m.scope = 'device_user' or device = 'phone')$$,
    'global: in every app; app: in Shop only; device: on every device in Shop'
);
select bag_eq(
    $$select method, authenticator_id, app_id, device_id, status_before::text, status_after::text from unlocked$$,
    $$select m.method, pg_temp.id(m.method || case when device = 'laptop' then ' on laptop' else '' end) as authenticator_id, pg_temp.id(app) as app_id,
        case when m.scope = 'device_user' then pg_temp.id(device) end as device_id, 'locked' as before, 'registered' as after
      from authn.methods m, unnest('{Shop,Wallet}'::text[]) app, unnest('{phone,laptop}'::text[]) device
      where m.lockable and (m.scope = 'device_user' or device = 'phone') 
        and (m.scope = 'global_user' or app = 'Shop')$$,
    'it answers exactly the contexts that it changed'
);

select * from finish();
rollback;
