-- Every function of the catalogs that takes an id, as every role that may call it: with one id of another
-- tenant, with all of them, and with ids that nobody has. Same SQLSTATE, same message but for the id. The same
-- for who is confined to an app, with what is in another one of the tenant.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
\ir helpers/decisions.psql
\ir helpers/calls.psql
select plan(7);

select pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('totp', 'Wallet') \g /dev/null
select authn.set_tenant_settings(pg_temp.id(t), '{"support_may_deactivate": true}') from unnest('{Acme,Globex}'::text[]) t \g /dev/null
insert into world values ('phone of bob', authn.create_device(pg_temp.id('bob'), 'phone'));
insert into world values ('pin of bob', authn.register_authenticator(pg_temp.id('bob'), 'pin', pg_temp.id('Store'), pg_temp.id('phone of bob')));
insert into ids values
    ('own', 'tenant_id', pg_temp.id('Globex')), ('foreign', 'tenant_id', pg_temp.id('Acme')), ('unknown', 'tenant_id', gen_random_uuid()),
    ('own', 'app_id', pg_temp.id('Store')), ('foreign', 'app_id', pg_temp.id('Shop')), ('unknown', 'app_id', gen_random_uuid()),
    ('own', 'user_id', pg_temp.id('bob')), ('foreign', 'user_id', pg_temp.id('ada')), ('unknown', 'user_id', gen_random_uuid()),
    ('own', 'device_id', pg_temp.id('phone of bob')), ('foreign', 'device_id', pg_temp.id('phone')), ('unknown', 'device_id', gen_random_uuid()),
    ('own', 'authenticator_id', pg_temp.id('pin of bob')), ('foreign', 'authenticator_id', pg_temp.id('pin')), ('unknown', 'authenticator_id', gen_random_uuid()),
    ('own', 'attempt_id', (authn.begin_attempt(pg_temp.id('bob'), pg_temp.id('pin of bob'), pg_temp.id('Store'))).attempt_id),
    ('foreign', 'attempt_id', (authn.begin_attempt(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'))).attempt_id), ('unknown', 'attempt_id', gen_random_uuid());
insert into ids values ('unknown', 'batch_id', gen_random_uuid());
insert into ids select k, 'batch_id', (authn.bulk_deactivate(pg_temp.id(t), '{"method": "email_magic_link"}', 'a drill', dry_run => false)).batch_id
from (values ('own', 'Globex'), ('foreign', 'Acme')) as x (k, t);
insert into ids select 'mine', f.argument, f.id from ids f where f.kind = 'foreign';
insert into ids values ('elsewhere', 'app_id', pg_temp.id('Wallet')), ('elsewhere', 'authenticator_id', pg_temp.id('totp'));

-- Whatever a call does is undone; the notices of what it would say are not asked for.
create function pg_temp.answer(statement text) returns text
language plpgsql as $$
begin
    execute statement;
    raise exception using errcode = 'ZZ999', message = 'no error';
exception
    when others then
        return sqlstate || ' ' || regexp_replace(sqlerrm, '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g');
end
$$;

-- authn._event_id reads nothing: it names an event by what it is given.
create temp table callable as
select r.name as role_name, p.oid, p.proname::text as name
from function_decisions d
join pg_proc p on p.proname = d.name and p.pronamespace = 'authn'::regnamespace and p.prokind = 'f'
join roles r on d.roles ~ r.letter and r.letter in ('r', 's', 'a', 'v')
where p.proname <> '_event_id';
create temp table trials as
select c.role_name, c.name, 'every id' as changed, pg_temp.call_of(c.oid, 'foreign') as foreign_call, pg_temp.call_of(c.oid, 'unknown') as unknown_call
from callable c where exists (select from pg_temp.arguments_of(c.oid) a where a.type = 'uuid'::regtype)
union all
select c.role_name, c.name, a.name, pg_temp.call_of(c.oid, 'own', a.name, 'foreign'), pg_temp.call_of(c.oid, 'own', a.name, 'unknown')
from callable c, pg_temp.arguments_of(c.oid) a where a.type = 'uuid'::regtype;
insert into trials
select 'support of Shop', c.name, a.name, pg_temp.call_of(c.oid, 'mine', a.name, 'elsewhere'), pg_temp.call_of(c.oid, 'mine', a.name, 'unknown')
from callable c, pg_temp.arguments_of(c.oid) a where c.role_name = 'authn_support' and a.name in ('app_id', 'authenticator_id');
create temp table answers (role_name name, name text, changed text, foreign_answer text, unknown_answer text);
grant all on trials, answers to public;

create function pg_temp.try_as(role_name name, tenant text, apps text[], caller text) returns void
language plpgsql as $$
begin
    perform pg_temp.act_as(role_name, tenant, apps);
    insert into answers
    select t.role_name, t.name, t.changed, pg_temp.answer(t.foreign_call), pg_temp.answer(t.unknown_call)
    from trials t where t.role_name = try_as.caller;
    perform pg_temp.act_as_administrator();
end
$$;

select is_empty('select * from trials where foreign_call is null or unknown_call is null', 'every function can be called with arguments of its names');
select pg_temp.try_as(name, 'Globex', '{}', name) from roles where letter in ('r', 's', 'a', 'v') \g /dev/null
select pg_temp.try_as('authn_support', 'Acme', '{Shop}', 'support of Shop') \g /dev/null
select cmp_ok((select count(distinct name)::integer from answers), '>=', 25, 'they were called');
select is_empty('select * from answers where foreign_answer <> unknown_answer', 'what is another tenant''s is like what is nobody''s');
select is_empty(
    $$select * from answers
      where foreign_answer !~ '^AU0(01|02|03|04|10|11|12|20) '
        and name <> '_status_when_over'
        and (name, changed) not in (('search_users', 'after_id'), ('search_users', 'before_id'))$$,
    'which is an error of the catalogue, but for a place in a list'
);
-- The events view asks this one row by row, about rows that the caller sees.
select pg_temp.act_as('authn_admin', 'Globex') \g /dev/null
select is(
    authn._status_when_over(pg_temp.id('Acme'), pg_temp.id('ada'), null, null, null, clock_timestamp()), null,
    'or no answer at all'
);
select pg_temp.act_as_administrator() \g /dev/null
select cmp_ok((select count(*)::integer from answers where role_name = 'support of Shop'), '>=', 8, 'so it is for who is confined to an app');
select isnt_empty($$select * from answers where foreign_answer ~ '^AU0(01|02|03|04|11|12) ' and role_name = 'authn_service'$$, 'and names the id at fault');

select * from finish();
rollback;
