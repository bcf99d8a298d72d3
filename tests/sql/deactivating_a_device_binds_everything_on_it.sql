begin;
\ir helpers/world.psql
select plan(8);

select pg_temp.enrol(method, 'Shop', device) from authn.methods, unnest('{phone,laptop}'::text[]) device where method not in ('mobile_biometric') \g /dev/null
create view pg_temp.shown as select method, app_name, device_name, status::text from authn.contexts where user_id = pg_temp.id('ada');
create temp table before as table pg_temp.shown;

select bag_eq(
    $$select method, app_id, device_id, status_before::text, status_after::text
      from authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'), reason => 'lost')$$,
    $$select m, pg_temp.id('Shop') as app_id, pg_temp.id('phone') as device_id, 'registered' as before, 'deactivated' as after from unnest('{pin,passkey}'::authn.method[]) m$$,
    'it answers each context on the device'
);
select pg_temp.enrol('mobile_biometric', 'Shop'), pg_temp.enrol('pin', 'Wallet') \g /dev/null
select bag_eq(
    $$select method, app_name from pg_temp.shown where status = 'deactivated'$$,
    $$values ('pin'::authn.method, 'Shop'), ('passkey', 'Shop'), ('mobile_biometric', 'Shop'), ('pin', 'Wallet')$$,
    'what is registered on it later is bound too'
);
select is_empty($$select * from pg_temp.shown where status = 'deactivated' and device_name <> 'phone'$$, 'the other device goes on');
select is(pg_temp.succeed('passkey', 'Shop'), 'refused', 'it lets nobody in');
select is_empty($$select authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'))$$, 'again: no rows');
select results_eq($$select count(*)::integer from authn.reactivate_device(pg_temp.id('ada'), pg_temp.id('phone'))$$, 'values (4)', 'reactivated');
select is_empty($$select * from pg_temp.shown where status <> 'registered'$$, 'each is what its other facts make it');
select is(pg_temp.error_of($$select authn.deactivate_device(pg_temp.id('ada'), gen_random_uuid())$$), 'AU011 device_id', 'an unknown device');

select * from finish();
rollback;
