-- Has the product itself live through everything that was loaded, and shows what it wrote differently:
-- which side, which table, and the row with the ids of the loaded one. The clock is the tests'.

create temporary table ids (loaded uuid primary key, told uuid not null);

create function pg_temp.become(actor text, access text, at timestamptz)
returns void
language sql
begin atomic
    select
        set_config('role', access, false),
        set_config('authn.tenant', (select t.tenant_id::text from authn.tenants t), false),
        set_config('authn.actor', actor, false),
        set_config('test.clock', at::text, false);
end;

create function pg_temp.told(loaded uuid)
returns uuid
language sql
stable
return (select i.told from ids i where i.loaded = told.loaded);

create procedure pg_temp.tell_profile(u authn_data.users)
language plpgsql
as $$
declare
    v_user uuid;
    v_device record;
    v_authenticator record;
    v_id uuid;
begin
    insert into ids values (u.user_id, authn.create_user(u.tenant_id, u.email, u.phone, u.display_name))
    returning told into v_user;
    for v_device in select * from authn_data.devices d where d.user_id = u.user_id loop
        insert into ids values (v_device.device_id, authn.create_device(v_user, v_device.name, v_device.platform));
    end loop;
    for v_authenticator in
        select a.*, c.context_id, c.app_id
        from authn_data.authenticators a
        join authn_data.contexts c using (user_id, authenticator_id)
        where a.user_id = u.user_id
          -- What a first success began comes by itself.
          and (c.app_id is null or not authn._is_global(a.method))
    loop
        v_id := authn.register_authenticator(
            v_user, v_authenticator.method, v_authenticator.app_id, pg_temp.told(v_authenticator.device_id),
            v_authenticator.identifier, v_authenticator.provider, v_authenticator.name
        );
        insert into ids values (v_authenticator.authenticator_id, v_id) on conflict do nothing;
    end loop;
end
$$;

create procedure pg_temp.tell_event(e authn_data.events)
language plpgsql
as $$
begin
    case e.kind
        when 'deactivated' then
            perform authn.deactivate_authenticator(
                pg_temp.told(e.user_id), pg_temp.told(e.authenticator_id), reason => e.reason
            );
        when 'user_suspended' then
            perform authn.suspend_user(pg_temp.told(e.user_id), reason => e.reason);
        else
            perform authn.record_attempt(
                pg_temp.told(e.user_id), pg_temp.told(e.authenticator_id), e.app_id, e.kind = 'attempt_succeeded',
                pg_temp.told(e.device_id), e.ip, e.user_agent
            );
    end case;
end
$$;

do $$
declare
    v_user authn_data.users;
    v_event authn_data.events;
begin
    for v_user in select * from authn_data.users u order by u.created_at loop
        perform pg_temp.become('login', 'none', v_user.created_at);
        call pg_temp.tell_profile(v_user);
        for v_event in
            select *
            from authn_data.events e
            where e.user_id = v_user.user_id
              and e.kind not in ('registered', 'locked')
            order by e.at, e.number
        loop
            perform pg_temp.become(v_event.actor, 'none', v_event.at);
            call pg_temp.tell_event(v_event);
        end loop;
    end loop;
end
$$;
reset role;
set authn.tenant = '';

insert into ids
select l.context_id, t.context_id
from authn_data.contexts l
join authn_data.contexts t
    on t.user_id = pg_temp.told(l.user_id)
   and t.authenticator_id = pg_temp.told(l.authenticator_id)
   and t.app_id is not distinct from l.app_id;

create unique index on ids ((told::text));
analyze ids;

-- A row with the ids that the loaded one has, without what the server's own clock and transactions wrote and
-- without the role, which was the superuser's.
create function pg_temp.rows_of(name text, of_loaded boolean)
returns setof jsonb
language plpgsql
as $$
begin
    return query execute format(
        'select (
             select jsonb_object_agg(
                 f.key, coalesce((select i.loaded::text from ids i where i.told::text = f.value), f.value)
             )
             from jsonb_each_text(to_jsonb(r)) f
             where f.key not in (''xid'', ''created_at'', ''role'')
               and not (f.key = ''registered_at'' and %L = ''devices'')
         )
         from authn_data.%I r
         where r.user_id in (select case when %L then i.loaded else i.told end from ids i)',
        name, name, of_loaded
    );
end
$$;

select t.name, d.side, d.row
from unnest('{users,devices,authenticators,contexts,events,locks,refusals,reservations}'::text[]) t (name)
cross join lateral (
    (
        select 'loaded' as side, r as row from pg_temp.rows_of(t.name, true) r
        except all
        select 'loaded', r from pg_temp.rows_of(t.name, false) r
    )
    union all
    (
        select 'told', r from pg_temp.rows_of(t.name, false) r
        except all
        select 'told', r from pg_temp.rows_of(t.name, true) r
    )
) d
order by t.name, d.row ->> 'authenticator_id', d.row ->> 'at', d.side
limit 20;
