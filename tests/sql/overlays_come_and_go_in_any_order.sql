-- Every pair of overlays of one context, in both orders: laid on one after the other, lifted in each
-- order. What is left is always exactly what the overlays still in force make it.
begin;
\ir helpers/world.psql
select plan(3);

create function pg_temp.lay(layer text) returns void
language plpgsql as $$
begin
    case layer
        when 'suspended' then perform authn.suspend_user(pg_temp.id('ada'));
        when 'everywhere' then perform authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'));
        when 'in the app' then perform authn.deactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'));
        when 'device' then perform authn.deactivate_device(pg_temp.id('ada'), pg_temp.id('phone'));
        -- By the administrator's hand: under a deactivation no failure counts.
        when 'locked' then
            update authn_data.contexts
            set failures = 5, failures_since_success = 5, tier = 1,
                locked_since = clock_timestamp(), locked_until = clock_timestamp() + interval '15 minutes'
            where authenticator_id = pg_temp.id('pin') and app_id = pg_temp.id('Shop');
    end case;
end
$$;

create function pg_temp.lift(layer text) returns void
language plpgsql as $$
begin
    case layer
        when 'suspended' then perform authn.reinstate_user(pg_temp.id('ada'));
        when 'everywhere' then perform authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'));
        when 'in the app' then perform authn.reactivate_authenticator(pg_temp.id('ada'), pg_temp.id('pin'), pg_temp.id('Shop'));
        when 'device' then perform authn.reactivate_device(pg_temp.id('ada'), pg_temp.id('phone'));
        when 'locked' then perform authn.unlock(pg_temp.id('ada'), 'pin', pg_temp.id('Shop'));
    end case;
end
$$;

create function pg_temp.expected(overlays text[]) returns text
language sql as $$
    select case
        when overlays && '{suspended,everywhere,in the app,device}' then 'deactivated'
        when 'locked' = any (overlays) then 'locked'
        else 'active'
    end
$$;

-- The loop below is one statement, and a view shows its beginning: this reads the same facts now.
create function pg_temp.status_now() returns text
language sql as $$
    select authn.status_rule(clock_timestamp(), f.blocked_until, f.locked_until, f.last_success_at)
    from authn_data.context_facts f
    where f.user_id = pg_temp.id('ada') and f.authenticator_id = pg_temp.id('pin') and f.app_id = pg_temp.id('Shop')
$$;

create temp table seen (first text, second text, lifted text, step integer, was text, should_be text);

select pg_temp.enrol('pin', 'Shop'), pg_temp.succeed('pin', 'Shop') \g /dev/null

do $$
declare
    o text[] := '{suspended,everywhere,in the app,device,locked}';
    a text;
    b text;
    l text;
begin
    foreach a in array o loop
        foreach b in array o loop
            continue when a = b;
            foreach l in array array[a, b] loop
                perform pg_temp.lay(a);
                insert into seen values (a, b, l, 1, pg_temp.status_now(), pg_temp.expected(array[a]));
                perform pg_temp.lay(b);
                insert into seen values (a, b, l, 2, pg_temp.status_now(), pg_temp.expected(array[a, b]));
                perform pg_temp.lift(l);
                insert into seen values (a, b, l, 3, pg_temp.status_now(), pg_temp.expected(array_remove(array[a, b], l)));
                perform pg_temp.lift(case when l = a then b else a end);
                insert into seen values (a, b, l, 4, pg_temp.status_now(), 'active');
            end loop;
        end loop;
    end loop;
end
$$;
select is_empty('select * from seen where was is distinct from should_be', 'after each step, exactly what is still in force');
select results_eq('select count(*)::integer from seen', 'values (160)', 'twenty ordered pairs, lifted both ways, four steps each');
select is(pg_temp.status('pin', 'Shop'), 'active', 'and in the end nothing is left');

select * from finish();
rollback;
