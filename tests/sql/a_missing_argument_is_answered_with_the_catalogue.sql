-- Null for what is needed is the caller's mistake, and he learns which argument it was.
begin;
\ir helpers/world.psql
select plan(1);

create temp table calls (argument text, statement text);
insert into calls values
    ('name', $$select authn.create_tenant(null)$$),
    ('tenant_id', $$select authn.create_app(null, 'App')$$),
    ('name', $$select authn.create_app(pg_temp.id('Acme'), null)$$),
    ('app_id', $$select authn.enable_method(null, 'pin')$$),
    ('method', $$select authn.enable_method(pg_temp.id('Shop'), null)$$),
    ('settings', $$select authn.enable_method(pg_temp.id('Shop'), 'pin', null)$$),
    ('method', $$select authn.disable_method(pg_temp.id('Shop'), null)$$),
    ('method', $$select authn.set_method_settings(pg_temp.id('Acme'), null, '{}')$$),
    ('settings', $$select authn.set_method_settings(pg_temp.id('Acme'), 'sms_otp', null)$$),
    ('settings', $$select authn.set_tenant_settings(pg_temp.id('Acme'), null)$$),
    ('settings', $$select authn.set_tenant_settings(pg_temp.id('Acme'), '[]')$$),
    ('settings', $$select authn.set_tenant_settings(pg_temp.id('Acme'), '5')$$),
    ('tenant_id', $$select authn.create_user(null)$$),
    ('user_id', $$select authn.update_user(null, null, null, null)$$),
    ('user_id', $$select authn.create_device(null, 'phone')$$),
    ('name', $$select authn.create_device(pg_temp.id('ada'), null)$$),
    ('user_id', $$select authn.register_authenticator(null, 'pin')$$),
    ('method', $$select authn.register_authenticator(pg_temp.id('ada'), null)$$),
    ('authenticator_id', $$select authn.remove_authenticator(pg_temp.id('ada'), null)$$),
    ('method', $$select authn.set_lockout_policy(pg_temp.id('Acme'), null, '[{"failures": 3}]')$$),
    ('tiers', $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', null)$$),
    ('method', $$select authn.unset_lockout_policy(pg_temp.id('Acme'), null)$$),
    ('method', $$select authn.effective_lockout_policy(pg_temp.id('Acme'), null)$$),
    ('succeeded', $$select authn.record_attempt(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'), null)$$),
    ('user_id', $$select authn.unlock(null, 'pin', pg_temp.id('Shop'))$$),
    ('method', $$select authn.unlock(pg_temp.id('ada'), null, pg_temp.id('Shop'))$$),
    ('app_id', $$select authn.unlock(pg_temp.id('ada'), 'pin', null)$$),
    ('authenticator_id', $$select authn.unlock_authenticator(pg_temp.id('ada'), null, pg_temp.id('Shop'))$$),
    ('authenticator_id', $$select authn.deactivate_authenticator(pg_temp.id('ada'), null)$$),
    ('authenticator_id', $$select authn.reactivate_authenticator(pg_temp.id('ada'), null)$$),
    ('device_id', $$select authn.deactivate_device(pg_temp.id('ada'), null)$$),
    ('device_id', $$select authn.reactivate_device(pg_temp.id('ada'), null)$$),
    ('user_id', $$select authn.suspend_user(null)$$),
    ('user_id', $$select authn.reinstate_user(null)$$),
    ('tenant_id', $$select authn.bulk_unlock(null, '{"method": "pin"}', 'why')$$),
    ('filter', $$select authn.bulk_unlock(pg_temp.id('Acme'), null, 'why')$$),
    ('reason', $$select authn.bulk_unlock(pg_temp.id('Acme'), '{"method": "pin"}', null)$$),
    ('tenant_id', $$select authn.bulk_deactivate(null, '{"method": "pin"}', 'why')$$),
    ('filter', $$select authn.bulk_deactivate(pg_temp.id('Acme'), null, 'why')$$),
    ('reason', $$select authn.bulk_deactivate(pg_temp.id('Acme'), '{"method": "pin"}', null)$$),
    ('tenant_id', $$select authn.undo_batch(null, gen_random_uuid(), 'why')$$),
    ('batch_id', $$select authn.undo_batch(pg_temp.id('Acme'), null, 'why')$$),
    ('reason', $$select authn.undo_batch(pg_temp.id('Acme'), gen_random_uuid(), null)$$),
    ('role_name', $$select authn.bind_role(null, pg_temp.id('Acme'), 'authn_reader')$$),
    ('tenant_id', $$select authn.bind_role('somebody', null, 'authn_reader')$$),
    ('access', $$select authn.bind_role('somebody', pg_temp.id('Acme'), null)$$),
    ('access', $$select authn.bind_role('somebody', pg_temp.id('Acme'), 'postgres')$$),
    ('apps', $$select authn.bind_role('somebody', pg_temp.id('Acme'), 'authn_admin', array[pg_temp.id('Shop')])$$),
    ('apps', $$select authn.bind_role('somebody', pg_temp.id('Acme'), 'authn_support', '{}')$$);
select is_empty(
    $$select statement, pg_temp.error_of(statement) as answer from calls where pg_temp.error_of(statement) !~ ('^AU\d{3} ' || argument || '$')$$,
    'each is of class AU and names the argument'
);

select * from finish();
rollback;
