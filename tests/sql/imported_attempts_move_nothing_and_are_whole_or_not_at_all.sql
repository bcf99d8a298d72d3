begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(12);

select pg_temp.enrol('password', 'Shop'), pg_temp.enrol('pin', 'Shop'), pg_temp.enrol('pin', 'Shop', 'laptop') \g /dev/null
create temp table before as select c.*, (select count(*) from authn_data.events) as events from authn_data.contexts c;

create function pg_temp.element(external_id text, more jsonb default '{}') returns jsonb
language sql as $$
    select jsonb_build_object(
        'external_id', external_id, 'at', '2024-01-01T12:00:00Z', 'user_id', pg_temp.id('ada'), 'method', 'password',
        'app_id', pg_temp.id('Shop'), 'ip', '192.0.2.1', 'succeeded', false
    ) || more
$$;
create function pg_temp.import(variadic elements jsonb[]) returns text
language sql as $$
    select format('%s new, %s known, rejected %s', i.imported, i.repeated,
        (select coalesce(string_agg(concat_ws(' ', x ->> 'position', x ->> 'external_id', x ->> 'code'), ', '), 'none') from jsonb_array_elements(i.rejected) x))
    from authn.import_attempts(pg_temp.id('Acme'), to_jsonb(elements)) i
$$;

select is(pg_temp.import(pg_temp.element('a'), pg_temp.element('b', '{"succeeded": true}')), '2 new, 0 known, rejected none', 'attempts come in');
select is(pg_temp.import(pg_temp.element('a'), pg_temp.element('b'), pg_temp.element('c')), '1 new, 2 known, rejected none', 'again: only what is new');
select is(pg_temp.import(pg_temp.element('d'), pg_temp.element('d')), '1 new, 1 known, rejected none', 'also within one list');
select is(
    pg_temp.import(
        pg_temp.element('e'),
        pg_temp.element('f', jsonb_build_object('user_id', pg_temp.id('bob'))),
        pg_temp.element('g', jsonb_build_object('app_id', pg_temp.id('Store'))),
        pg_temp.element('h', jsonb_build_object('device_id', gen_random_uuid())),
        pg_temp.element('i', '{"method": "totp"}'),
        pg_temp.element('j', '{"method": null}'),
        pg_temp.element(' '),
        pg_temp.element('k', '{"at": "infinity"}'),
        pg_temp.element('l', '{"at": "2999-01-01"}'),
        pg_temp.element('m', '{"succeeded": null}'),
        pg_temp.element('n', '{"method": "pin"}'),
        pg_temp.element('o', jsonb_build_object('method', 'pin', 'device_id', pg_temp.id('laptop')))
    ),
    '2 new, 0 known, rejected 1 f AU001, 2 g AU003, 3 h AU011, 4 i AU002, 5 j AU017, 6   AU017, 7 k AU017, 8 l AU017, 9 m AU017, 10 n AU017',
    'what does not fit is told by its position, and the rest comes in'
);
select is(
    pg_temp.import(pg_temp.element('p', '{"at": "last winter"}'), pg_temp.element('q'), pg_temp.element('r', '{"ip": "nowhere"}'), to_jsonb(7), pg_temp.element('s')),
    '2 new, 0 known, rejected 0 p AU017, 2 r AU017, 3 AU017', 'also what cannot even be read'
);
select results_eq(
    $$select i.imported, i.repeated, x ->> 'position', x ->> 'external_id', x ->> 'message'
      from authn.import_attempt_columns(
          pg_temp.id('Acme'), '{u,a,v,w}', '{2024-01-01T12:00:00Z,2024-01-01T12:00:00Z,2024-01-01T12:00:00Z}',
          array_fill(pg_temp.id('ada'), '{4}'), null, '{password,password,riddle,password}', array_fill(pg_temp.id('Shop'), '{4}'),
          null, null, null, '{f,f,f,f}'
      ) i
      cross join lateral jsonb_array_elements(i.rejected) x$$,
    $$values (1::bigint, 1::bigint, '2', 'v', 'there is no method riddle'), (1, 1, '3', 'w', 'an attempt has an instant: at')$$,
    'columns come in by the same rules'
);
select bag_eq(
    'select external_id, authenticator_id from authn_data.imported_attempts',
    $$select x, pg_temp.id('password') from unnest('{a,b,c,d,e,q,s,u}'::text[]) x union all values ('o', pg_temp.id('pin on laptop'))$$, 'each found its authenticator'
);
select bag_eq('select c.*, (select count(*) from authn_data.events) from authn_data.contexts c', 'table before', 'no counter moved and no event was written');
select is(pg_temp.error_of(format($$select authn.import_attempts(%L, '{}')$$, pg_temp.id('Acme'))), 'AU017 attempts', 'a list it must be');
select pg_temp.act_as('authn_service') \g /dev/null
select is(pg_temp.error_of(format($$select authn.import_attempts(%L, '[]')$$, pg_temp.id('Acme'))), '42501', 'a login service imports nothing');
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.act_as('authn_admin') \g /dev/null
select is(pg_temp.import(pg_temp.element('t')), '1 new, 0 known, rejected none', 'an administrator of the tenant does');
select results_eq($$select authn.drop_imported_attempts(pg_temp.id('Acme'))$$, 'values (10::bigint)', 'and can take it back');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
