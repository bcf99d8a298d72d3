-- Whoever mistypes a condition must not reach everybody.
begin;
\ir helpers/world.psql
\ir helpers/roles.psql
select plan(5);

create temp table wrong (filter jsonb, answer text);
insert into wrong values
    (null, 'AU017 filter'), ('{}', 'AU017 filter'), ('[]', 'AU017 filter'), ('"locked"', 'AU017 filter'), ('null', 'AU017 filter'),
    ('{"state": "locked"}', 'AU017 filter.state'), ('{"status": "locked", "apps": []}', 'AU017 filter.apps'),
    ('{"status": "blocked"}', 'AU017 filter.status'), ('{"status": "mixed"}', 'AU017 filter.status'), ('{"status": []}', 'AU017 filter.status'),
    ('{"status": null}', 'AU017 filter.status'), ('{"status": 5}', 'AU017 filter.status'), ('{"status": ["locked", 5]}', 'AU017 filter.status'),
    ('{"method": "pins"}', 'AU017 filter.method'), ('{"app": "Shop"}', 'AU017 filter.app'), ('{"app": ["00000000-0000-0000-0000-000000000000"]}', 'AU017 filter.app'),
    ('{"app": "00000000-0000-0000-0000-000000000000"}', 'AU003 filter.app'), ('{"device": 5}', 'AU017 filter.device'), ('{"user": "ada"}', 'AU017 filter.user'),
    ('{"since": "a while ago"}', 'AU017 filter.since'), ('{"since": 0}', 'AU017 filter.since'), ('{"registered_since": ["2026-01-01"]}', 'AU017 filter.registered_since'),
    ('{"last_used_before": "2026-13-01"}', 'AU017 filter.last_used_before');
select bag_eq(
    $$select w.filter, pg_temp.error_of(format('select authn.%s(pg_temp.id(''Acme''), %L, ''why'')', f, w.filter)) from wrong w, unnest('{bulk_unlock,bulk_deactivate}'::text[]) f$$,
    $$select w.filter, w.answer from wrong w, generate_series(1, 2)$$, 'each at the field that is wrong'
);
select is(
    pg_temp.error_of($$select authn.bulk_unlock(pg_temp.id('Acme'), '{"method": ["pin", "passkey"]}', 'why')$$), 'AU007 filter.method', 'what never locks is not unlocked'
);
select is(pg_temp.error_of($$select authn.bulk_unlock(pg_temp.id('Acme'), '{"method": "pin"}', ' ')$$), 'AU017 reason', 'a reason is words');
select is(
    pg_temp.error_of($$select authn.bulk_deactivate(pg_temp.id('Acme'), '{"method": "pin"}', 'why', 'yesterday')$$), 'AU017 until', 'an end lies in the future'
);
create temp table answers (role_name name, answer text);
grant all on answers to public;
create function pg_temp.ask(role_name name) returns void
language plpgsql as $$
begin
    perform pg_temp.act_as(ask.role_name);
    insert into pg_temp.answers
    select ask.role_name, pg_temp.error_of('select authn.' || c.call) from (values
        ('bulk_unlock(pg_temp.id(''Acme''), ''{"method": "pin"}'', ''why'')'), ('bulk_deactivate(pg_temp.id(''Acme''), ''{"method": "pin"}'', ''why'')'),
        ('undo_batch(pg_temp.id(''Acme''), gen_random_uuid(), ''why'')')) as c (call);
    perform pg_temp.act_as_administrator();
end
$$;
select pg_temp.ask(r) from unnest('{authn_support,authn_reader,authn_service}'::name[]) r \g /dev/null
select results_eq('select distinct answer from answers', $$values ('42501')$$, 'only administrators act in bulk');

select * from finish();
rollback;
