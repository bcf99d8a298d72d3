-- Each condition of the catalogue is raised by a call, with the argument at fault as the error's
-- column; and no function raises or documents one that is not in it.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(4);

create temp table calls (condition text, argument text, statement text);
insert into calls values
    ('unknown_user', 'user_id', $$select authn.suspend_user(gen_random_uuid())$$),
    ('unknown_authenticator', 'authenticator_id', $$select authn.deactivate_authenticator(pg_temp.id('ada'), gen_random_uuid())$$),
    ('unknown_app', 'app_id', $$select authn.enable_method(gen_random_uuid(), 'pin')$$),
    ('unknown_attempt', 'attempt_id', $$select authn.complete_attempt(pg_temp.id('ada'), gen_random_uuid(), true)$$),
    ('app_required', 'app_id', $$select authn.unlock(pg_temp.id('ada'), 'pin', null)$$),
    ('device_required', 'device_id', $$select authn.register_authenticator(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'))$$),
    ('method_not_lockable', 'method', $$select authn.effective_lockout_policy(pg_temp.id('Acme'), 'passkey')$$),
    ('policy_invalid', 'tiers', $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[]')$$),
    ('scope_mismatch', 'app_id', $$select authn.set_lockout_policy(pg_temp.id('Acme'), 'sms_otp', '[{"failures": 3}]', app_id => pg_temp.id('Shop'))$$),
    ('not_allowed', null, $$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'))$$),
    ('unknown_device', 'device_id', $$select authn.deactivate_device(pg_temp.id('ada'), gen_random_uuid())$$),
    ('unknown_tenant', 'tenant_id', $$select authn.create_app(gen_random_uuid(), 'App')$$),
    ('identity_invalid', 'email', $$select authn.create_user(pg_temp.id('Acme'), 'nobody')$$),
    ('settings_invalid', 'settings', $$select authn.set_tenant_settings(pg_temp.id('Acme'), '{"colour": "red"}')$$),
    ('method_not_offered', 'method', $$select authn.register_authenticator(pg_temp.id('ada'), 'totp', pg_temp.id('Desk'))$$),
    ('not_registered_in_app', 'app_id', $$select authn.remove_authenticator(pg_temp.id('ada'), pg_temp.id('sms_otp'), pg_temp.id('Shop'))$$),
    ('unknown_batch', 'batch_id', $$select authn.undo_batch(pg_temp.id('Acme'), gen_random_uuid(), 'a mistake')$$),
    ('invalid_argument', 'name', $$select authn.create_app(pg_temp.id('Acme'), ' ')$$),
    (
        'cursor_expired', 'after',
        $$select authn.status_changes(pg_temp.id('Acme'), (
            select regexp_replace(c.cursor, '[.]\d+[.]', '.1.') from authn.status_changes(pg_temp.id('Acme')) c
        ))$$
    );
select authn.disable_method(pg_temp.id('Desk'), 'totp') \g /dev/null

create temp table raised as
select condition, argument, pg_temp.error_of(statement) as answer from calls where condition <> 'not_allowed';
grant all on raised, calls to public;
select pg_temp.act_as('authn_support') \g /dev/null
insert into raised select condition, argument, pg_temp.error_of(statement) from calls where condition = 'not_allowed';
select pg_temp.act_as_administrator() \g /dev/null

select bag_eq(
    'select condition, answer from raised',
    $$select condition, concat_ws(' ', sqlstate, argument) from raised join authn.error_codes using (condition)$$,
    'each call is answered with its condition''s SQLSTATE, and names the argument'
);
-- Storage that is missing has a test of its own.
select bag_eq(
    'select condition from authn.error_codes where condition not in (select condition from raised)',
    $$values ('storage_missing')$$,
    'nothing else is left unraised'
);
select is_empty(
    $$select p.oid::regprocedure, r[1] from pg_proc p, regexp_matches(p.prosrc, '_raise\(\s*''([a-z_]+)''', 'g') r
      where p.pronamespace = 'authn'::regnamespace and r[1] not in (select condition from authn.error_codes)$$,
    'no function raises what is not in the catalogue'
);
select is_empty(
    $$select p.oid::regprocedure, r[1] from pg_proc p, regexp_matches(obj_description(p.oid, 'pg_proc'), 'AU\d{3}', 'g') r
      where p.pronamespace = 'authn'::regnamespace and r[1] not in (select sqlstate from authn.error_codes)$$,
    'nor documents it'
);

select * from finish();
rollback;
