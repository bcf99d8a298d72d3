-- Semantics, Methods, "unique per": registering twice answers one id, for every method.
begin;
\ir helpers/world.psql
select plan(4);

create temp table registered as
select m as method, a.app, d.device, pg_temp.enrol(m, a.app, d.device) as id
from unnest(enum_range(null::authn.method)) m, unnest(array['Shop', 'Wallet']) as a (app), unnest(array['phone', 'laptop']) as d (device);

select bag_eq(
    'select method, count(distinct id)::integer from registered group by method',
    $$select m, case when authn.method_scope(m) = 'device_user' then 2 else 1 end from unnest(enum_range(null::authn.method)) m$$,
    'one per user, of a device-scoped method one per device, however many apps'
);
select bag_eq(
    $$select r.method, r.device, r.app from registered r
      join authn.contexts c on c.user_id = pg_temp.id('ada') and c.authenticator_id = r.id and c.app_id = pg_temp.id(r.app)$$,
    'select method, device, app from registered',
    'and one context in each app where it was registered'
);
select results_eq(
    $$select count(distinct authn.register_authenticator(pg_temp.id('ada'), m, identifier => s, provider => p))::integer
      from unnest('{social,oidc,saml}'::authn.method[]) m, unnest('{first,second}'::text[]) s, unnest('{idp-1,idp-2}'::text[]) p$$,
    'values (12)',
    'a federated login is told apart by method, provider and subject'
);
insert into world select 'eve', authn.create_user(pg_temp.id('Acme'), 'ada@example.com', '+49 151 12345678');
select is_empty(
    $$select authenticator_id from authn.authenticators where user_id = pg_temp.id('ada')
      intersect select authenticator_id from authn.authenticators where user_id = pg_temp.id('eve')$$,
    'two users with the same address have an authenticator each'
);

select * from finish();
rollback;
