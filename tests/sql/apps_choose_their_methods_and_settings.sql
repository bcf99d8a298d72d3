begin;
\ir helpers/world.psql
select plan(5);

insert into world select 'Kiosk', authn.create_app(pg_temp.id('Acme'), 'Kiosk', '{pin,sms_otp}');
select results_eq(
    $$select methods from authn.apps where name = 'Kiosk'$$, $$values ('{pin,sms_otp}'::authn.method[])$$, 'an app offers its own selection'
);
select authn.enable_method(pg_temp.id('Kiosk'), 'totp', '{"digits": 8, "period_seconds": 60}') \g /dev/null
select authn.set_method_settings(pg_temp.id('Acme'), 'sms_otp', '{"code_length": 8}') \g /dev/null
select bag_eq(
    $$select method, settings from authn.app_methods where app_id = pg_temp.id('Kiosk')$$,
    $$values ('totp'::authn.method, '{"digits": 8, "period_seconds": 60}'::jsonb), ('pin', '{}'), ('sms_otp', '{"code_length": 8}')$$,
    'with settings of its own, of a global method the tenant''s'
);
select bag_eq(
    $$select method, pg_temp.error_of(format('select authn.enable_method(pg_temp.id(''Kiosk''), %L, ''{"code_length": 8}'')', method))
      from authn.methods where scope = 'global_user'$$,
    $$select method, 'AU009 settings' from authn.methods where scope = 'global_user'$$,
    'an app only switches a global method on or off'
);
select bag_eq(
    $$select method, pg_temp.error_of(format('select authn.set_method_settings(pg_temp.id(''Acme''), %L, ''{"length": 6}'')', method))
      from authn.methods where scope <> 'global_user'$$,
    $$select method, 'AU009 settings' from authn.methods where scope <> 'global_user'$$,
    'a tenant sets no settings of what is bound to an app'
);
select bag_eq(
    $$select s, pg_temp.error_of(format('select authn.enable_method(pg_temp.id(''Kiosk''), ''totp'', %L)', s))
      from unnest(array['{"digits": 7}', '{"digits": "6"}', '{"period_seconds": 0}', '{"length": 6}', '[]', '6', 'null']) s$$,
    $$select s, 'AU014 settings' from unnest(array['{"digits": 7}', '{"digits": "6"}', '{"period_seconds": 0}', '{"length": 6}', '[]', '6', 'null']) s$$,
    'settings are checked against the method'
);

select * from finish();
rollback;
