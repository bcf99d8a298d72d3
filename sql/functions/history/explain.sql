-- Why an authenticator has its status: the rule that decided, its facts, the attempts that led to it.

create function authn._instant_in_words(at timestamptz)
returns text
language sql
immutable
parallel safe
return pg_catalog.to_char(pg_catalog.timezone('UTC', at), 'YYYY-MM-DD HH24:MI:SS "UTC"');
comment on function authn._instant_in_words(timestamptz) is 'an instant as sentences have it';

create function authn._explained_policy(tenant_id uuid, method authn.method, app_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return (
        select jsonb_build_object(
            'source', p.source, 'version', p.version,
            'tiers', authn._tiers_as_json(p.tier_failures, p.tier_durations),
            'failures_expire_after', p.failures_expire_after, 'then_permanent', p.then_permanent,
            'hard_cap', p.hard_cap
        )
        from authn._policy(_explained_policy.tenant_id, _explained_policy.method, _explained_policy.app_id) p
        where authn.method_lockable(_explained_policy.method)
    );
end
$$;
comment on function authn._explained_policy(uuid, authn.method, uuid) is
    'the policy in force; null for a method that cannot lock';

create function authn._explained_lock(user_id uuid, context_id uuid, at timestamptz)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return (
        select jsonb_build_object(
            'cause', l.cause, 'tier', l.tier, 'policy_source', l.policy_source, 'policy_version', l.policy_version,
            'failures', l.failures, 'since', l.since, 'until', nullif(l.until, 'infinity'),
            'endless', l.until = 'infinity', 'number', l.number
        )
        from authn_data.locks l
        where l.user_id = _explained_lock.user_id
          and l.context_id = _explained_lock.context_id
          and l.ended_at is null
          and l.until > _explained_lock.at
        order by l.number desc
        limit 1
    );
end
$$;
comment on function authn._explained_lock(uuid, uuid, timestamptz) is 'the lock in force on a lock domain; null: none';

create function authn._explained_attempts(user_id uuid, domain_id uuid, failures integer, before bigint)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return coalesce((
        select jsonb_agg(
            jsonb_build_object(
                'at', e.at, 'app_id', e.app_id, 'device_id', e.device_id, 'ip', host(e.ip), 'user_agent', e.user_agent
            )
            order by e.number
        )
        from (
            select f.*
            from authn_data.events f
            where f.user_id = _explained_attempts.user_id
              and f.domain_id = _explained_attempts.domain_id
              and f.kind = 'attempt_failed'
              and (_explained_attempts.before is null or f.number < _explained_attempts.before)
            order by f.number desc
            limit _explained_attempts.failures
        ) e
    ), '[]');
end
$$;
comment on function authn._explained_attempts(uuid, uuid, integer, bigint) is
    'the failures that a lock or the counter stands for, oldest first: the last of the lock domain';

create function authn._explained_unlock(user_id uuid, authenticator_id uuid, method authn.method, app_id uuid, at timestamptz)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_scope authn.scope := authn.method_scope(_explained_unlock.method);
begin
    return jsonb_build_object(
        'reach', case v_scope
            when 'global_user' then 'the authenticator, in every app'
            when 'app_user' then 'the user''s ' || _explained_unlock.method || ' in this app'
            else 'the user''s ' || _explained_unlock.method || ' in this app, on every device'
        end,
        'contexts', coalesce((
            select jsonb_agg(
                jsonb_build_object(
                    'authenticator_id', f.authenticator_id, 'app_id', f.app_id, 'app_name', f.app_name,
                    'device_id', f.device_id, 'device_name', f.device_name,
                    'lock', authn._in_force(f.locked_until, _explained_unlock.at), 'failures', f.failures
                )
                order by f.app_name, f.device_name, f.authenticator_id
            )
            from authn_data.context_facts f
            where authn.method_lockable(_explained_unlock.method)
              and f.user_id = _explained_unlock.user_id
              and f.method = _explained_unlock.method
              and case v_scope
                  when 'global_user' then f.authenticator_id = _explained_unlock.authenticator_id
                  else f.app_id = _explained_unlock.app_id
              end
              and (f.locked_until is not null or f.failures > 0)
        ), '[]')
    );
end
$$;
comment on function authn._explained_unlock(uuid, uuid, authn.method, uuid, timestamptz) is
    'how far an unlock would reach, and the contexts whose lock or counter it would clear';

create function authn._explain_context(user_id uuid, authenticator_id uuid, app_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_at timestamptz := authn._statement_clock();
    v_facts authn_data.context_facts;
    v_status authn.status;
    v_rule text;
    v_since timestamptz;
    v_until timestamptz;
    v_lock jsonb;
    v_first_success_at timestamptz;
    v_why text;
begin
    select f.*
    into strict v_facts
    from authn_data.context_facts f
    where f.user_id = _explain_context.user_id
      and f.authenticator_id = _explain_context.authenticator_id
      and f.app_id = _explain_context.app_id;
    v_status := authn.status_rule(v_at, v_facts.blocked_until, v_facts.locked_until, v_facts.last_success_at);
    v_lock := authn._explained_lock(_explain_context.user_id, v_facts.domain_id, v_at);

    case
        when authn._in_force(v_facts.suspended_until, v_at) then
            v_rule := 'user_suspended';
            v_since := v_facts.suspended_since;
            v_until := v_facts.suspended_until;
            v_why := concat_ws(': ', 'the user is suspended', v_facts.suspension_reason);
        when authn._in_force(v_facts.everywhere_until, v_at) then
            v_rule := 'deactivated_everywhere';
            v_since := v_facts.everywhere_since;
            v_until := v_facts.everywhere_until;
            v_why := concat_ws(': ', 'an administrator deactivated it in every app', v_facts.everywhere_reason);
        when authn._in_force(v_facts.device_until, v_at) then
            v_rule := 'device_deactivated';
            v_since := v_facts.device_since;
            v_until := v_facts.device_until;
            v_why := concat_ws(': ', 'an administrator deactivated its device', v_facts.device_reason);
        when authn._in_force(v_facts.here_until, v_at) then
            v_rule := 'deactivated_here';
            v_since := v_facts.here_since;
            v_until := v_facts.here_until;
            v_why := concat_ws(': ', 'an administrator deactivated it in this app', v_facts.here_reason);
        when v_status = 'locked' then
            v_rule := 'locked';
            v_since := v_facts.locked_since;
            v_until := v_facts.locked_until;
            v_why := format(
                '%s failures (%s of %s)', v_lock ->> 'failures',
                case v_lock ->> 'cause'
                    when 'tier' then 'tier ' || (v_lock ->> 'tier')
                    when 'hard_cap' then 'the hard cap'
                    else 'the permanent lock after the last tier'
                end,
                case v_lock ->> 'policy_source'
                    when 'default' then 'the built-in policy'
                    else format('the %s''s policy, version %s', v_lock ->> 'policy_source', v_lock ->> 'policy_version')
                end
            );
        else
            if v_status = 'active' then
                v_rule := 'succeeded';
                v_why := 'it has authenticated, last at ' || authn._instant_in_words(v_facts.last_success_at);
                select min(e.at)
                into v_first_success_at
                from authn_data.events e
                where e.user_id = v_facts.user_id
                  and e.authenticator_id = v_facts.authenticator_id
                  and e.app_id = v_facts.app_id
                  and e.kind = 'attempt_succeeded'
                  and e.at >= v_facts.registered_at;
            else
                v_rule := 'never_succeeded';
                v_why := 'it has not authenticated in this app yet';
            end if;
            -- Since it began, or since what lay over it was over.
            select greatest(
                coalesce(v_first_success_at, v_facts.registered_at),
                (
                    select max(least(l.until, l.ended_at))
                    from authn_data.locks l
                    where l.user_id = v_facts.user_id
                      and l.context_id = v_facts.domain_id
                ),
                (
                    select max(e.at)
                    from authn_data.events e
                    where e.user_id = v_facts.user_id
                      and e.kind in ('reactivated', 'user_reinstated')
                      and coalesce(e.authenticator_id, v_facts.authenticator_id) = v_facts.authenticator_id
                      and coalesce(e.app_id, v_facts.app_id) = v_facts.app_id
                      and (e.authenticator_id is not null or e.device_id is null or e.device_id = v_facts.device_id)
                ),
                v_facts.suspended_until, v_facts.everywhere_until, v_facts.device_until, v_facts.here_until
            )
            into v_since;
    end case;

    return jsonb_build_object(
        'status', v_status,
        'rule', v_rule,
        'sentence', format(
            '%s in %s since %s%s: %s.', initcap(v_status::text), v_facts.app_name, authn._instant_in_words(v_since),
            case
                when v_until = 'infinity' then ' until somebody ends it'
                when v_until is not null then ' until ' || authn._instant_in_words(v_until)
                else ''
            end,
            v_why
        ),
        'app_id', v_facts.app_id,
        'app_name', v_facts.app_name,
        'available', v_facts.available,
        'since', v_since,
        'until', nullif(v_until, 'infinity'),
        'endless', coalesce(v_until = 'infinity', false),
        'facts', jsonb_build_object(
            'registered_at', v_facts.registered_at,
            'last_success_at', v_facts.last_success_at,
            'last_failure_at', v_facts.last_failure_at,
            'failures', v_facts.failures,
            'suspended', authn._in_force(v_facts.suspended_until, v_at),
            'deactivated_everywhere', authn._in_force(v_facts.everywhere_until, v_at),
            'device_deactivated', authn._in_force(v_facts.device_until, v_at),
            'deactivated_here', authn._in_force(v_facts.here_until, v_at),
            'locked', authn._in_force(v_facts.locked_until, v_at)
        ),
        'policy', authn._explained_policy(v_facts.tenant_id, v_facts.method, v_facts.app_id),
        'lock', v_lock - 'number',
        'attempts', authn._explained_attempts(
            v_facts.user_id, v_facts.domain_id, coalesce((v_lock ->> 'failures')::integer, v_facts.failures),
            (v_lock ->> 'number')::bigint
        ),
        'unlock', authn._explained_unlock(
            v_facts.user_id, v_facts.authenticator_id, v_facts.method, v_facts.app_id, v_at
        )
    );
end
$$;
comment on function authn._explain_context(uuid, uuid, uuid) is 'authn.explain_status of one context';

create function authn.explain_status(user_id uuid, authenticator_id uuid, app_id uuid default null)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_method authn.method := authn._method_of(explain_status.user_id, explain_status.authenticator_id);
    v_whole record;
    v_apps uuid[];
begin
    if explain_status.app_id is not null then
        perform authn._tenant_of_app(explain_status.app_id, authn._tenant_of(explain_status.user_id));
        perform authn._require_registered_in_app(
            explain_status.user_id, explain_status.authenticator_id, explain_status.app_id
        );
        return authn._explain_context(explain_status.user_id, explain_status.authenticator_id, explain_status.app_id);
    end if;

    v_apps := array(
        select f.app_id
        from authn_data.context_facts f
        where f.user_id = explain_status.user_id
          and f.authenticator_id = explain_status.authenticator_id
        order by f.app_name
    );
    select a.status, a.locked_until, a.deactivated_until
    into strict v_whole
    from authn.authenticators a
    where a.user_id = explain_status.user_id
      and a.authenticator_id = explain_status.authenticator_id;
    return jsonb_build_object(
        'status', v_whole.status,
        'rule', case
            when v_apps = '{}' then 'no_context'
            when v_whole.status = 'mixed' then 'contexts_differ'
            else 'contexts_agree'
        end,
        'sentence', case
            when v_apps = '{}' then initcap(v_whole.status::text) || ': no app uses it yet.'
            when v_whole.status = 'mixed' then 'Mixed: its apps differ.'
            else initcap(v_whole.status::text) || ': all apps that offer ' || v_method || ' and use it agree.'
        end,
        'unlock', authn._explained_unlock(
            explain_status.user_id, explain_status.authenticator_id, v_method, null, authn._statement_clock()
        ),
        'contexts', coalesce((
            select jsonb_agg(
                authn._explain_context(explain_status.user_id, explain_status.authenticator_id, u.app_id) order by u.number
            )
            from unnest(v_apps) with ordinality as u (app_id, number)
        ), '[]')
    );
end
$$;
comment on function authn.explain_status(uuid, uuid, uuid) is
    'why an authenticator has its status in an app, or with app_id null in each of its apps: the rule, since, until, the facts, the policy, the lock, the attempts that led to it and what an unlock would touch (docs/explain-status.md); AU001, AU002, AU003, AU016';
grant execute on function authn.explain_status(uuid, uuid, uuid) to authn_reader;
