begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(12);

select pg_temp.enrol(m, app) from unnest('{password,sms_otp}'::authn.method[]) m, unnest('{Shop,Wallet}'::text[]) app \g /dev/null
select pg_temp.enrol('totp', 'Wallet') \g /dev/null
select pg_temp.succeed('password', 'Shop'), pg_temp.lock('password', 'Wallet'), pg_temp.fail('password', 'Wallet'), pg_temp.lock('sms_otp', 'Wallet') \g /dev/null
select pg_temp.enrol('pin', 'Wallet'), pg_temp.lock('pin', 'Wallet'), pg_temp.enrol('pin', 'Shop') \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'password', '[{"failures": 3}]', app_id => pg_temp.id('Wallet')) \g /dev/null

select pg_temp.act_as('authn_support', apps => '{Shop}') \g /dev/null
select bag_eq('select name from authn.apps', $$values ('Shop')$$, 'its app');
select bag_eq(
    'select method, app_name, status::text from authn.contexts',
    $$values ('password'::authn.method, 'Shop', 'active'), ('sms_otp', 'Shop', 'locked'), ('pin', 'Shop', 'registered')$$, 'its contexts'
);
select results_eq(
    $$select status::text, app_label, statuses, locked_until from authn.authenticators where method = 'password'$$,
    $$values ('active', 'Shop', '{"active": 1}'::jsonb, null::timestamptz)$$, 'and the aggregate over them'
);
select is_empty($$select * from authn.authenticators where method = 'totp'$$, 'not an authenticator of other apps');
select is_empty($$select * from authn.locked_now where app_id <> pg_temp.id('Shop')$$, 'not who is locked there');
select is_empty($$select * from authn.events where app_id <> pg_temp.id('Shop')$$, 'not what happened there');
select is_empty($$select * from authn.app_methods where app_id <> pg_temp.id('Shop')$$, 'not what is offered there');
select is(pg_temp.error_of($$select authn.unlock(pg_temp.id('ada'), 'password', pg_temp.id('Wallet'))$$), 'AU003 app_id', 'it cannot unlock there');
select is(
    pg_temp.error_of($$select authn.unlock_authenticator(pg_temp.id('ada'), pg_temp.id('totp'), pg_temp.id('Shop'))$$), 'AU002 authenticator_id', 'nor reach what is there'
);
select isnt_empty($$select authn.unlock(pg_temp.id('ada'), 'sms_otp', pg_temp.id('Shop'))$$, 'a global authenticator it unlocks from its app, in all');
select pg_temp.act_as_administrator() \g /dev/null
select authn.set_tenant_settings(pg_temp.id('Acme'), '{"support_may_deactivate": true}') \g /dev/null
select pg_temp.act_as('authn_support', apps => '{Shop}') \g /dev/null
select is(pg_temp.error_of($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'))$$), 'AU010 app_id', 'it cannot say everywhere');
select isnt_empty($$select authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('password'), pg_temp.id('Shop'))$$, 'only in its app');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
