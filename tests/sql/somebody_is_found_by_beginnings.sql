begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(8);

insert into world select n.key, authn.create_user(pg_temp.id(n.tenant), n.email, n.phone, n.name)
from (values
    ('grace', 'Acme', 'Amazing.G@Navy.example', '+1 202 5550143', 'Grace Brewster-Hopper'),
    ('gordon', 'Acme', 'admiral@navy.example', '+1 202 5550243', 'Gordon'),
    ('quote', 'Acme', null, null, 'O''Hara \ 90%'),
    ('twin', 'Globex', 'amazing.g@navy.example', '+1 202 5550143', 'Grace Brewster-Hopper')
) n (key, tenant, email, phone, name);
create function pg_temp.found(search text) returns text
language plpgsql as $$
begin
    return (
        select string_agg(pg_temp.name_of(s.user_id), ' ' order by s.position)
        from authn.search_users(pg_temp.id('Acme'), search) with ordinality as s (user_id, position)
    );
end
$$;
create function pg_temp.finds(searches text[], who text) returns text[]
language sql as $$ select array_agg(s) from unnest(searches) s where pg_temp.found(s) is distinct from who $$;

select pg_temp.act_as('authn_reader') \g /dev/null
select is(
    pg_temp.finds('{grace,HOPPER,hop bre,brewster-hopper," grace "}', 'grace'), null, 'by the beginnings of words of the name'
);
select is(
    pg_temp.finds('{navy,@navy.ex,a•••@navy.example,admiral@navy.example,amazing.g@navy.example,g}', 'gordon grace'), null,
    'by the domain and by the mask of the address, which a whole address has too; in the order of the names'
);
select is(
    pg_temp.finds(array['+••• 43', '+1 202 5550143', '+1 202 5550243'], 'gordon grace'), null, 'by the mask of the phone number'
);
select is(
    pg_temp.finds(array['race', 'amazing', 'amazing.g', '+1', '+1202', 'ore', '', ' ', '%', '\', '''', 'bob', pg_temp.id('twin')::text], null), null,
    'by no other part, by nothing that a mask hides, and nobody of another tenant'
);
select is(pg_temp.finds(array['o''h', '90% \'], 'quote'), null, 'whatever is in a name');
select is(pg_temp.found(pg_temp.id('grace')::text), 'grace', 'by a whole id');
select pg_temp.act_as('authn_admin') \g /dev/null
select is(
    pg_temp.finds('{amazing.g,Amazing.G@navy.example,+1 202 55501,1 (202) 5550143}', 'grace'), null,
    'whoever sees addresses finds one by its beginning, and one alone by the whole'
);
select pg_temp.act_as_administrator() \g /dev/null
select pg_temp.log_in_as('authn_gateway') \g /dev/null
set local role authn_reader;
select throws_ok($$select pg_temp.found('grace')$$, 'AU012', null, 'who belongs to no tenant is told that there is no such');
select pg_temp.act_as_administrator() \g /dev/null

select * from finish();
rollback;
