begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(2);

select pg_temp.enrol('pin', 'Shop') \g /dev/null
-- Placeholders: each call is made once with the ids of Acme, once with ids that nobody has.
create temp table calls (statement text);
grant select on calls to public;
insert into calls values
    ('select authn.create_app(%1$L, ''App'')'),
    ('select authn.set_method_settings(%1$L, ''sms_otp'', ''{}'')'),
    ('select authn.set_tenant_settings(%1$L, ''{}'')'),
    ('select authn.create_user(%1$L)'),
    ('select authn.set_lockout_policy(%1$L, ''pin'', ''[{"failures": 3}]'')'),
    ('select authn.unset_lockout_policy(%1$L, ''pin'')'),
    ('select authn.effective_lockout_policy(%1$L, ''pin'')'),
    ('select authn.enable_method(%2$L, ''pin'')'),
    ('select authn.disable_method(%2$L, ''pin'')'),
    ('select authn.update_user(%3$L, null, null, null)'),
    ('select authn.create_device(%3$L, ''phone'')'),
    ('select authn.register_authenticator(%3$L, ''pin'', %2$L, %4$L)'),
    ('select authn.register_authenticator(%6$L, ''password'', %2$L)'),
    ('select authn.register_authenticator(%6$L, ''pin'', %7$L, %4$L)'),
    ('select authn.remove_authenticator(%3$L, %5$L)'),
    ('select authn.unlock(%3$L, ''pin'', %2$L)'),
    ('select authn.unlock(%6$L, ''pin'', %2$L)'),
    ('select authn.unlock_authenticator(%3$L, %5$L, %2$L)'),
    ('select authn.unlock_authenticator(%6$L, %5$L, %2$L)'),
    ('select authn.deactivate_authenticator(%3$L, %5$L, %2$L)'),
    ('select authn.deactivate_authenticator(%3$L, %5$L)'),
    ('select authn.reactivate_authenticator(%3$L, %5$L, %2$L)'),
    ('select authn.deactivate_device(%3$L, %4$L)'),
    ('select authn.deactivate_device(%6$L, %4$L)'),
    ('select authn.reactivate_device(%3$L, %4$L)'),
    ('select authn.suspend_user(%3$L)'),
    ('select authn.reinstate_user(%3$L)'),
    ('select authn.record_attempt(%3$L, %5$L, %2$L, true)'),
    ('select authn.record_attempt(%6$L, %5$L, %7$L, true)'),
    ('select authn.begin_attempt(%3$L, %5$L, %2$L)');

-- The message too, but for the ids in it.
create function pg_temp.answer(statement text) returns text
language plpgsql as $$
begin
    execute statement;
    return 'no error';
exception
    when others then
        return sqlstate || ' ' || regexp_replace(sqlerrm, '[0-9a-f-]{36}', '<id>', 'g');
end
$$;
create function pg_temp.answers(role_name text) returns table (statement text, foreign_answer text, unknown_answer text)
language plpgsql as $$
begin
    return query
    select c.statement,
        pg_temp.answer(format(c.statement, pg_temp.id('Acme'), pg_temp.id('Shop'), pg_temp.id('ada'), pg_temp.id('phone'), pg_temp.id('pin'), pg_temp.id('bob'), pg_temp.id('Store'))),
        pg_temp.answer(format(c.statement, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), pg_temp.id('bob'), pg_temp.id('Store')))
    from calls c;
end
$$;

select pg_temp.act_as('authn_admin', 'Globex') \g /dev/null
select is_empty($$select * from pg_temp.answers('authn_admin') where foreign_answer !~ '^(AU|42501)' or foreign_answer <> unknown_answer$$, 'to an admin of the other tenant');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_service', 'Globex') \g /dev/null
select is_empty($$select * from pg_temp.answers('authn_service') where foreign_answer !~ '^(AU|42501)' or foreign_answer <> unknown_answer$$, 'and to its login service');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
