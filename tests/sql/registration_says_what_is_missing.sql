begin;
\ir helpers/world.psql
select plan(9);

create function pg_temp.refused(arguments text) returns text
language sql as $$ select pg_temp.error_of('select authn.register_authenticator(pg_temp.id(''ada''), ' || arguments || ')') $$;

select bag_eq(
    $$select method, pg_temp.refused(quote_literal(method)) from authn.methods where scope <> 'global_user'$$,
    $$select method, 'AU005 app_id' from authn.methods where scope <> 'global_user'$$, 'no app for what is bound to one'
);
select bag_eq(
    $$select method, pg_temp.refused(quote_literal(method) || $x$, pg_temp.id('Shop')$x$) from authn.methods where scope = 'device_user'$$,
    $$select method, 'AU006 device_id' from authn.methods where scope = 'device_user'$$, 'no device for what is bound to one'
);
select bag_eq(
    $$select method, pg_temp.refused(quote_literal(method) || $x$, pg_temp.id('Shop'), pg_temp.id('phone')$x$) from authn.methods where scope <> 'device_user'$$,
    $$select method, 'AU009 device_id' from authn.methods where scope <> 'device_user'$$, 'a device for what is bound to none'
);
select is(pg_temp.refused($$'pin', pg_temp.id('Shop'), gen_random_uuid()$$), 'AU011 device_id', 'a device that the user does not have');
select is(pg_temp.refused($$'pin', gen_random_uuid(), pg_temp.id('phone')$$), 'AU003 app_id', 'an unknown app');
select is(pg_temp.refused($$'pin', pg_temp.id('Store'), pg_temp.id('phone')$$), 'AU003 app_id', 'another tenant''s app');
select bag_eq(
    $$select m, pg_temp.refused(quote_literal(m) || ', identifier => ''x''') as no_provider,
        pg_temp.refused(quote_literal(m) || ', provider => ''x''') as no_subject
      from unnest('{social,oidc,saml}'::authn.method[]) m$$,
    $$select m, 'AU013 provider' as no_provider, 'AU013 identifier' as no_subject from unnest('{social,oidc,saml}'::authn.method[]) m$$,
    'a federated login without its provider or subject'
);
select bag_eq(
    $$select m, pg_temp.refused(quote_literal(m) || ', identifier => ''eve@example.com''')
      from unnest('{email_otp,email_magic_link,sms_otp}'::authn.method[]) m$$,
    $$select m, 'AU013 identifier' from unnest('{email_otp,email_magic_link,sms_otp}'::authn.method[]) m$$,
    'an address that is not on the profile'
);
select authn.disable_method(pg_temp.id('Shop'), 'password') \g /dev/null
select is(pg_temp.refused($$'password', pg_temp.id('Shop')$$), 'AU015 method', 'a method that the app does not offer');

select * from finish();
rollback;
