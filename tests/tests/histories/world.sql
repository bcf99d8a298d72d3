-- Instants as counts of microseconds, the largest one for 'infinity'; and one step of a history, with
-- everything that a reader sees after it, in one round trip.

create function public.tick(at timestamptz)
returns bigint
language sql
immutable
return case
    when at = 'infinity' then 9223372036854775807
    else cast(extract(epoch from at - timestamptz '2030-01-01 00:00:00+00') * 1000000 as bigint)
end;

create function public.instant(tick bigint)
returns timestamptz
language sql
immutable
return timestamptz '2030-01-01 00:00:00+00' + tick * interval '1 microsecond';

create function public.step(user_id uuid, at bigint, statement text)
returns jsonb
language plpgsql
as $$
#variable_conflict use_column
declare
    v_reply jsonb;
begin
    perform set_config('test.clock', public.instant(step.at)::text, false);
    begin
        execute format('select coalesce(jsonb_agg(to_jsonb(r)), ''[]'') from (%s) r', step.statement) into v_reply;
    exception
        when others then
            if sqlstate not like 'AU%' then
                raise;
            end if;
            v_reply := to_jsonb(sqlstate);
    end;
    return jsonb_build_object(
        'reply', v_reply,
        'contexts', (
            select coalesce(jsonb_object_agg(
                format('%s in %s', c.authenticator_id, c.app_id),
                jsonb_build_object(
                    'available', c.available,
                    'status', c.status,
                    'failures', c.failures,
                    'locked_until', public.tick(c.locked_until),
                    'deactivated_until', public.tick(c.deactivated_until),
                    'last_success_at', public.tick(c.last_success_at),
                    'last_failure_at', public.tick(c.last_failure_at)
                )
            ), '{}')
            from authn.contexts c
            where c.user_id = step.user_id
        ),
        'authenticators', (
            select coalesce(jsonb_object_agg(
                a.authenticator_id,
                jsonb_build_object(
                    'status', a.status,
                    'app_label', a.app_label,
                    'statuses', a.statuses,
                    'locked_until', public.tick(a.locked_until),
                    'deactivated_until', public.tick(a.deactivated_until)
                )
            ), '{}')
            from authn.authenticators a
            where a.user_id = step.user_id
        )
    );
end
$$;

create function public.trail(user_id uuid)
returns jsonb
language sql
begin atomic
    select jsonb_build_object(
        'written', (
            select jsonb_object_agg(o.owner, o.events)
            from (
                select
                    coalesce(c.authenticator_id::text || coalesce(' in ' || c.app_id::text, ''), 'the user') as owner,
                    jsonb_agg(
                        jsonb_build_array(e.number, e.kind, public.tick(e.at), e.app_id) order by e.number
                    ) as events
                from authn_data.events e
                left join authn_data.contexts c on c.user_id = e.user_id and c.context_id = e.domain_id
                where e.user_id = trail.user_id
                group by c.authenticator_id, c.app_id
            ) o
        ),
        'derived', (
            select coalesce(jsonb_agg(
                jsonb_build_array(e.kind, public.tick(e.at), p.name)
                order by e.kind::text, e.at, p.name nulls first
            ), '[]')
            from authn.events e
            left join authn.apps p on p.app_id = e.app_id
            where e.user_id = trail.user_id
              and e.kind in ('lock_expired', 'deactivation_expired')
        )
    );
end;
