begin;
\ir helpers/world.psql
select plan(5);

create function pg_temp.addresses() returns table (display_name text, method authn.method, identifier text)
language sql as $$
    select u.display_name, a.method, a.identifier
    from authn.users u join authn.authenticators a on a.user_id = u.user_id
    where u.display_name like 'imported %'
$$;

insert into authn_data.users (tenant_id, email, phone, display_name)
select pg_temp.id('Acme'), 'import-' || n || '@example.com', '+1555000000' || n, 'imported ' || n from generate_series(1, 3) n;
select bag_eq(
    'select * from pg_temp.addresses()',
    $$select 'imported ' || n as name, m, case m when 'sms_otp' then '+1555000000' || n else 'import-' || n || '@example.com' end
      from generate_series(1, 3) n, unnest('{email_otp,email_magic_link,sms_otp}'::authn.method[]) m$$,
    'an insert of many rows registers each user''s addresses'
);
update authn_data.users set email = 'new-' || email where display_name like 'imported %';
select bag_eq(
    $$select display_name, identifier from pg_temp.addresses() where method = 'email_otp'$$,
    $$select 'imported ' || n as name, 'new-import-' || n || '@example.com' from generate_series(1, 3) n$$,
    'an update exchanges'
);
update authn_data.users set phone = null where display_name = 'imported 1';
select bag_eq(
    $$select display_name from pg_temp.addresses() where method = 'sms_otp'$$, $$values ('imported 2'), ('imported 3')$$,
    'clearing removes, from that user alone'
);
update authn_data.users set display_name = 'imported ' || upper(display_name) where display_name like 'imported %';
select results_eq('select count(*)::integer from pg_temp.addresses()', 'values (8)', 'another column changes nothing');
select throws_ok(
    $$insert into authn_data.users (tenant_id, email) values (pg_temp.id('Acme'), 'no address')$$, '23514', null,
    'what is no address cannot be stored'
);

select * from finish();
rollback;
