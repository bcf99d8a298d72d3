-- Constraints make the impossible unrepresentable, even for the administrator's own hand.
begin;
\ir helpers/world.psql
select plan(15);

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('sms_otp', 'Shop') \g /dev/null

create function pg_temp.broken(statement text) returns text
language plpgsql as $$
declare
    v_constraint text;
begin
    execute statement;
    return 'nothing';
exception
    when check_violation or unique_violation or foreign_key_violation or not_null_violation then
        get stacked diagnostics v_constraint = constraint_name;
        return v_constraint;
end
$$;

create function pg_temp.insert_authenticator(method authn.method, device uuid, provider text, identifier text) returns text
language sql as $$
    select pg_temp.broken(format(
        'insert into authn_data.authenticators (user_id, tenant_id, method, device_id, provider, identifier, registered_at)
         values (%L, %L, %L, %L, %L, %L, now())', pg_temp.id('ada'), pg_temp.id('Acme'), method, device, provider, identifier
    ))
$$;

select bag_eq(
    $$select m, pg_temp.insert_authenticator(m, null, null, null) from unnest('{pin,passkey,mobile_biometric}'::authn.method[]) m$$,
    $$select m, 'a_device_scoped_authenticator_has_a_device' from unnest('{pin,passkey,mobile_biometric}'::authn.method[]) m$$,
    'no device-scoped authenticator without a device'
);
select is(pg_temp.insert_authenticator('totp', pg_temp.id('phone'), null, null), 'a_device_scoped_authenticator_has_a_device', 'and no other with one');
select is(pg_temp.insert_authenticator('sms_otp', null, null, null), 'a_global_authenticator_has_an_identity', 'no global authenticator without an identity');
select is(pg_temp.insert_authenticator('totp', null, null, 'x'), 'a_global_authenticator_has_an_identity', 'and no other with one');
select is(pg_temp.insert_authenticator('oidc', null, null, 'subject'), 'a_federated_authenticator_has_a_provider', 'no federated login without its provider');
select is(pg_temp.insert_authenticator('password', null, null, null), 'one_authenticator_per_identity', 'no second password of a user');

create function pg_temp.insert_policy(method authn.method, app text) returns text
language sql as $$
    select pg_temp.broken(format(
        'insert into authn_data.lockout_policies (tenant_id, method, app_id, version, tier_failures, tier_durations, then_permanent, set_at, set_by)
         values (%L, %L, %L, 1, ''{5}'', ''{15 minutes}'', false, now(), ''me'')', pg_temp.id('Acme'), method, pg_temp.id(app)
    ))
$$;
select bag_eq(
    $$select method, pg_temp.insert_policy(method, null) from authn.methods where not lockable$$,
    $$select method, 'only_a_lockable_method_has_a_policy' from authn.methods where not lockable$$,
    'no lockout policy for a method that cannot lock'
);
select bag_eq(
    $$select method, pg_temp.insert_policy(method, 'Shop') from authn.methods where lockable and scope = 'global_user'$$,
    $$select method, 'a_global_method_has_one_policy_per_tenant' from authn.methods where lockable and scope = 'global_user'$$,
    'no app policy for a global method'
);
select is(
    pg_temp.broken($$insert into authn_data.lockout_policies (tenant_id, method, app_id, version, tier_failures, tier_durations, then_permanent, set_at, set_by)
        select pg_temp.id('Acme'), 'pin', null, n, '{5}', '{15 minutes}', false, now(), 'me' from generate_series(1, 2) n$$),
    'one_policy_in_force', 'no two policies in force'
);

select is(
    pg_temp.broken($$insert into authn_data.contexts (user_id, tenant_id, authenticator_id, app_id, method, last_success_at)
        values (pg_temp.id('ada'), pg_temp.id('Acme'), pg_temp.id('sms_otp'), pg_temp.id('Wallet'), 'sms_otp', now())$$),
    'no_success_before_registration', 'no success in an app where the authenticator has no context'
);
select is(
    pg_temp.broken($$update authn_data.contexts set failures = 1 where authenticator_id = pg_temp.id('sms_otp') and app_id is not null$$),
    'a_global_authenticator_is_counted_tenant_wide', 'no counter of a global authenticator in one app'
);
select is(
    pg_temp.broken($$update authn_data.contexts set failures = 1 where authenticator_id = pg_temp.id('email_magic_link')$$),
    'only_a_lockable_method_is_counted', 'no counter of a method that cannot lock'
);
select is(
    pg_temp.broken($$insert into authn_data.app_methods (app_id, tenant_id, method, settings)
        values (pg_temp.id('Shop'), pg_temp.id('Acme'), 'sms_otp', '{"code_length": 6}')
        on conflict (app_id, method) do update set settings = excluded.settings$$),
    'a_global_method_has_no_settings_per_app', 'no settings of a global method in one app'
);
select is(
    pg_temp.broken($$insert into authn_data.devices (user_id, tenant_id, name) values (pg_temp.id('bob'), pg_temp.id('Acme'), 'phone')$$),
    'device_belongs_to_a_user', 'nothing crosses a tenant'
);
select is(
    pg_temp.broken($$update authn_data.tenants set hard_cap = 101$$), 'hard_cap_is_at_most_100', 'no hard cap above 100'
);

select * from finish();
rollback;
