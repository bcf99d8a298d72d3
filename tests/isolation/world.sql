-- What the specs share, in a database that has the extension and its storage: one user with a password
-- in Shop that two failures lock, and words for what two sessions do to it.
create schema isolation;
create table isolation.ids (name text primary key, id uuid not null);
create table isolation.attempts (name text primary key, id uuid not null);

create function isolation.id(name text) returns uuid
language sql stable
return (select i.id from isolation.ids i where i.name = id.name);

create function isolation.fresh_user() returns void
language plpgsql as $$
begin
    truncate isolation.attempts;
    if isolation.id('tenant') is null then
        insert into isolation.ids values ('tenant', authn.create_tenant('Acme'));
        insert into isolation.ids values ('Shop', authn.create_app(isolation.id('tenant'), 'Shop'));
        perform authn.set_lockout_policy(isolation.id('tenant'), 'password', '[{"failures": 2, "duration": "1 hour"}]');
    end if;
    delete from isolation.ids i where i.name in ('user', 'password');
    insert into isolation.ids values ('user', authn.create_user(isolation.id('tenant')));
    insert into isolation.ids values (
        'password', authn.register_authenticator(isolation.id('user'), 'password', isolation.id('Shop'))
    );
end
$$;

create function isolation.attempt(succeeded boolean) returns text
language sql
as $$ select r.outcome from authn.record_attempt(isolation.id('user'), isolation.id('password'), isolation.id('Shop'), succeeded) r $$;

create function isolation.begin_attempt(name text) returns text
language plpgsql as $$
declare
    v_begun record;
begin
    select b.* into v_begun from authn.begin_attempt(isolation.id('user'), isolation.id('password'), isolation.id('Shop')) b;
    if v_begun.attempt_id is not null then
        insert into isolation.attempts values (begin_attempt.name, v_begun.attempt_id);
    end if;
    return v_begun.decision;
end
$$;

create function isolation.complete_attempt(name text, succeeded boolean) returns text
language sql
as $$
    select c.outcome
    from isolation.attempts a, authn.complete_attempt(isolation.id('user'), a.id, succeeded) c
    where a.name = complete_attempt.name
$$;

create function isolation.abandon(name text) returns void
language sql
as $$
    update authn_data.reservations r
    set reserved_at = r.reserved_at - interval '1 hour',
        expires_at = r.expires_at - interval '1 hour'
    from isolation.attempts a
    where a.name = abandon.name
      and r.user_id = isolation.id('user')
      and r.attempt_id = a.id
$$;

create function isolation.unlock() returns bigint
language sql
as $$ select count(*) from authn.unlock(isolation.id('user'), 'password', isolation.id('Shop')) $$;

create function isolation.mine() returns jsonb
language sql
return jsonb_build_object('user', isolation.id('user'));

create function isolation.bulk_unlock() returns bigint
language sql
as $$ select count(*) from authn.bulk_unlock(isolation.id('tenant'), isolation.mine(), 'an outage', false) $$;

create function isolation.bulk_deactivate() returns bigint
language sql
as $$ select count(*) from authn.bulk_deactivate(isolation.id('tenant'), isolation.mine(), 'a breach', dry_run => false) $$;

create function isolation.undo() returns bigint
language plpgsql as $$
begin
    return (
        select count(*)
        from (
            select b.batch_id
            from authn_data.batches b
            where b.action <> 'undo' and b.filter = isolation.mine()
            order by b.at desc
            limit 1
        ) b,
            authn.undo_batch(isolation.id('tenant'), b.batch_id, 'a mistake')
    );
end
$$;

create function isolation.import(variadic names text[]) returns text
language sql
as $$
    select format('%s new, %s known', i.imported, i.repeated)
    from authn.import_attempts(
        isolation.id('tenant'),
        (
            select jsonb_agg(
                jsonb_build_object(
                    'external_id', n.name, 'at', '2024-01-01T12:00:00Z', 'user_id', isolation.id('user'),
                    'method', 'password', 'app_id', isolation.id('Shop'), 'succeeded', false
                )
            )
            from unnest("import".names) n (name)
        )
    ) i
$$;

create function isolation.tighten() returns void
language plpgsql as $$
begin
    perform authn.set_lockout_policy(
        isolation.id('tenant'), 'password', '[{"failures": 1, "duration": "1 hour"}]', app_id => isolation.id('Shop')
    );
end
$$;

create view isolation.seen as
select c.status, c.failures, (select count(*) from authn.events e where e.user_id = c.user_id and e.kind = 'locked') as locks
from authn.contexts c
where c.user_id = isolation.id('user')
  and c.authenticator_id = isolation.id('password');
