begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(5);

select pg_temp.enrol('oidc', 'Shop') \g /dev/null
create temp table seen (role_name text, email text, phone text, identifiers text[]);
grant all on seen to public;
create function pg_temp.look(role_name text) returns void
language plpgsql as $$
begin
    perform pg_temp.act_as(role_name);
    insert into seen
    select role_name, u.email, u.phone, array(select a.identifier from authn.authenticators a where a.user_id = u.user_id order by a.method)
    from authn.users u where u.display_name = 'Ada';
    perform pg_temp.act_as_administrator();
end
$$;
select pg_temp.look(r) from unnest('{authn_reader,authn_support,authn_admin,authn_service}'::text[]) r \g /dev/null
select results_eq(
    $$select distinct email, phone, identifiers from seen where role_name in ('authn_admin', 'authn_service')$$,
    $$values ('ada@example.com', '+49 151 12345678', array['+4915112345678', 'ada@example.com', 'ada@example.com', 'subject-of-ada'])$$, 'an admin and a service see them'
);
select results_eq(
    $$select distinct email, phone, identifiers from seen where role_name in ('authn_reader', 'authn_support')$$,
    $$values ('a•••@example.com', '+••• 78', array['+••• 78', 'a•••@example.com', 'a•••@example.com', 'su•••'])$$, 'a reader and support see that they differ'
);

-- Masked, they must not come out another way.
select authn.update_user(pg_temp.id('ada'), 'ada@example.org', '+4915112345678', 'Ada') \g /dev/null
select pg_temp.act_as('authn_support') \g /dev/null
select is_empty($$select * from authn.events where events::text ~ '(ada@|12345678|subject-of)'$$, 'no event tells');
select is_empty($$select * from authn.contexts where contexts::text ~ '(ada@|12345678|subject-of)'$$, 'no context tells');
select is_empty($$select * from authn.users where email = 'ada@example.org' or phone like '%12345678'$$, 'no filter tells');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
