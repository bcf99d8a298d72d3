-- Generated histories: after every step what the views show is noted; afterwards history is asked about
-- each of those instants, and must answer the same: ends hit exactly, removed authenticators, apps that
-- took a method back, attempts in flight and abandoned ones, and all. The seed is told; AUTHN_TEST_SEED
-- repeats a history.
\set seed
\getenv seed AUTHN_TEST_SEED
begin;
\ir helpers/clock.psql
select set_config('test.clock', (date_trunc('month', clock_timestamp()) - interval '20 days')::text, true) \g /dev/null
\ir helpers/world.psql
select plan(8);
select coalesce(nullif(:'seed', '')::integer, floor(random() * 1000000)::integer) as seed \gset
select set_config('test.seed', :'seed', true) \g /dev/null
select diag('AUTHN_TEST_SEED=' || :seed);

insert into world select 'eve', authn.create_user(pg_temp.id('Acme'), 'eve@example.com', null, 'Eve');
select pg_temp.enrol(m, a) from unnest('{password,totp,pin,passkey,social}'::authn.method[]) m, unnest('{Shop,Wallet}'::text[]) a \g /dev/null
select pg_temp.enrol('pin', 'Shop', 'laptop') \g /dev/null
select authn.set_lockout_policy(pg_temp.id('Acme'), 'pin', '[{"failures": 2, "duration": "3 minutes"}, {"failures": 3, "duration": "20 minutes"}]') \g /dev/null

create temp table seen_contexts (at timestamptz, user_id uuid, authenticator_id uuid, app_id uuid, available boolean, status authn.status, locked_until timestamptz, deactivated_until timestamptz);
create temp table begun (number bigint generated always as identity, user_id uuid, attempt_id uuid);
create temp table seen_authenticators (at timestamptz, user_id uuid, authenticator_id uuid, status authn.status);

create function pg_temp.look() returns void
language sql as $$
    insert into seen_contexts
    select current_setting('test.clock')::timestamptz, user_id, authenticator_id, app_id, available, status, locked_until, deactivated_until
    from authn.contexts where tenant_id = pg_temp.id('Acme');
    insert into seen_authenticators
    select current_setting('test.clock')::timestamptz, user_id, authenticator_id, status from authn.authenticators where tenant_id = pg_temp.id('Acme');
$$;

-- Until a statement that takes the lock domain counts what ran out, status ignores it; from then on history
-- knows it from the instant at which it ran out. Here that is before anybody looks.
create function pg_temp.count_what_ran_out() returns void
language sql as $$
    select authn._expire_reservations(user_id, context_id, authn._clock())
    from authn_data.contexts
    where in_flight > 0
    order by method, app_id;
$$;

-- The next instant: a little later, or exactly where something ends.
create function pg_temp.next_instant() returns timestamptz
language plpgsql as $$
declare
    v_now timestamptz := current_setting('test.clock');
begin
    if random() < 0.25 then
        return coalesce(
            (select min(x) from (
                select locked_until from authn_data.contexts union all select deactivated_until from authn_data.contexts
                union all select deactivated_until from authn_data.authenticators union all select deactivated_until from authn_data.devices
                union all select suspended_until from authn_data.users
                union all select expires_at from authn_data.reservations where ended_at is null) e (x)
             where x > v_now and isfinite(x)),
            v_now + interval '1 microsecond');
    end if;
    return v_now + (random() * random() * 90)::integer * interval '1 second' + interval '1 microsecond';
end
$$;

create function pg_temp.step() returns void
language plpgsql as $$
declare
    v_user uuid := pg_temp.id(case when random() < 0.85 then 'ada' else 'eve' end);
    v_method authn.method := (enum_range(null::authn.method))[1 + floor(random() * 9)];
    v_app uuid := pg_temp.id((array['Shop', 'Wallet', 'Desk'])[1 + floor(random() * random() * 3)]);
    v_device uuid := pg_temp.id((array['phone', 'laptop'])[1 + floor(random() * 2)]);
    v_until timestamptz := case when random() < 0.7 then authn._clock() + (1 + floor(random() * 300)) * interval '1 second' end;
    v_dice double precision := random();
    -- Chosen by what it is, for ids differ from run to run.
    v_authenticators uuid[] := array(
        select a.authenticator_id from authn.authenticators a where a.user_id = v_user and a.method = v_method
        order by a.device_name, a.identifier
    );
    v_authenticator uuid := v_authenticators[1 + floor(random() * cardinality(v_authenticators))];
    v_begun bigint;
begin
    if v_dice < 0.38 then
        -- Failures come in numbers, as those do that lock.
        if random() < 0.3 then
            perform authn.record_attempt(v_user, v_authenticator, v_app, true);
        else
            perform authn.record_attempt(v_user, v_authenticator, v_app, false) from generate_series(1, 1 + floor(random() * 4)::integer);
        end if;
    elsif v_dice < 0.52 then
        insert into begun (user_id, attempt_id)
        select v_user, b.attempt_id
        from (
            select (authn.begin_attempt(v_user, v_authenticator, v_app)).attempt_id
            from generate_series(1, 1 + floor(random() * 3)::integer)
        ) b
        where b.attempt_id is not null;
    elsif v_dice < 0.60 then
        -- The last or the one before: they may still be in flight.
        v_begun := (select max(b.number) - (random() < 0.3)::integer from begun b);
        perform authn.complete_attempt(b.user_id, b.attempt_id, random() < 0.3) from begun b where b.number = v_begun;
    elsif v_dice < 0.65 then
        perform authn.unlock(v_user, v_method, v_app, cause => (enum_range(null::authn.unlock_cause))[1 + floor(random() * 3)]);
    elsif v_dice < 0.70 then
        perform authn.deactivate_authenticator(v_user, v_authenticator, case when random() < 0.7 then v_app end, v_until);
    elsif v_dice < 0.74 then
        perform authn.reactivate_authenticator(v_user, v_authenticator, case when random() < 0.7 then v_app end);
    elsif v_dice < 0.77 then
        perform authn.deactivate_device(pg_temp.id('ada'), v_device, v_until);
    elsif v_dice < 0.80 then
        perform authn.reactivate_device(pg_temp.id('ada'), v_device);
    elsif v_dice < 0.82 then
        perform authn.suspend_user(v_user, v_until);
    elsif v_dice < 0.85 then
        perform authn.reinstate_user(v_user);
    elsif v_dice < 0.89 then
        perform authn.remove_authenticator(v_user, v_authenticator, case when random() < 0.6 then v_app end);
    elsif v_dice < 0.94 then
        perform authn.register_authenticator(
            v_user, v_method, v_app,
            device_id => case when authn.method_scope(v_method) = 'device_user' then v_device end,
            identifier => case when v_method in ('social', 'oidc', 'saml') then 'subject' end,
            provider => case when v_method in ('social', 'oidc', 'saml') then 'idp' end
        );
    elsif v_dice < 0.95 then
        if random() < 0.7 then
            perform authn.bulk_unlock(pg_temp.id('Acme'), '{"status": "locked"}', 'all of them', false);
        else
            perform authn.bulk_deactivate(pg_temp.id('Acme'), jsonb_build_object('method', v_method, 'app', v_app), 'a leak', v_until, false);
        end if;
    elsif v_dice < 0.96 then
        perform authn.undo_batch(pg_temp.id('Acme'), b.batch_id, 'a mistake')
        from (select l.batch_id from authn_data.batches l where l.tenant_id = pg_temp.id('Acme') order by l.at desc limit 1) b;
    elsif v_dice < 0.97 then
        perform authn.update_user(v_user, (array['ada@example.com', 'ada@example.org', null])[1 + floor(random() * 3)], (array['+49 151 12345678', null])[1 + floor(random() * 2)], 'somebody');
    elsif v_dice < 0.98 then
        perform authn.disable_method(v_app, v_method);
    else
        perform authn.enable_method(v_app, v_method);
    end if;
exception
    -- What is refused changes nothing: also part of a history.
    when others then
        if sqlstate !~ '^AU' then
            raise;
        end if;
end
$$;

do $$
begin
    perform setseed(current_setting('test.seed')::double precision / 1000000);
    perform pg_temp.look();
    for number in 1..300 loop
        perform pg_temp.at(pg_temp.next_instant());
        -- Whatever the dice say, some of what is registered is not offered for a while.
        if number % 100 = 0 then
            perform authn.disable_method(pg_temp.id('Shop'), m) from authn.methods as x (m);
        elsif number % 100 = 20 then
            perform authn.enable_method(pg_temp.id('Shop'), m) from authn.methods as x (m);
        else
            perform pg_temp.step();
        end if;
        perform pg_temp.count_what_ran_out();
        perform pg_temp.look();
    end loop;
end
$$;

create temp table told as
select i.at, s.* from (select distinct at from seen_contexts) i, authn.statuses_at(pg_temp.id('Acme'), i.at) s;

select set_eq(
    'select distinct status from seen_contexts', $$values ('registered'::authn.status), ('active'), ('locked'), ('deactivated')$$, 'the histories show every status'
);
select diag(count(*) || ' locks') from authn_data.locks;
select isnt_empty($$select from authn_data.events where details ? 'abandoned'$$, 'and attempts that nobody completed');
select cmp_ok((select count(*)::integer from seen_contexts where not available), '>', 0, 'and apps that do not offer what is registered');
select bag_eq(
    'select at, user_id, authenticator_id, app_id, available, status, locked_until, deactivated_until from told where app_id is not null',
    'table seen_contexts', 'each context had the status, and the ends, that were seen'
);
select bag_eq(
    $$select at, user_id, authenticator_id from told group by 1, 2, 3$$,
    'select at, user_id, authenticator_id from seen_authenticators', 'the same authenticators were there'
);
select is_empty(
    $$select s.*
      from (select * from seen_authenticators order by md5(at::text || authenticator_id) limit 80) s
      where authn.status_at(s.user_id, s.authenticator_id, null, s.at) is distinct from s.status$$,
    'with the roll-up that was seen'
);
select is_empty(
    $$select s.* from (select * from seen_contexts order by md5(at::text || authenticator_id || app_id) limit 60) s
      where authn.status_at(s.user_id, s.authenticator_id, s.app_id, s.at) is distinct from s.status$$,
    'one context can be asked about'
);
select bag_eq(
    $$select u.* from (select at from told order by at limit 15) i, authn.user_statuses_at(pg_temp.id('ada'), i.at) u$$,
    $$select s.* from (select at from told order by at limit 15) i, authn.statuses_at(pg_temp.id('Acme'), i.at) s where s.user_id = pg_temp.id('ada')$$,
    'and one user'
);

select * from finish();
rollback;
