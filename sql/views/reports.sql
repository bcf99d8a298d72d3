-- What data teams ask. Plain types only, so that any tool over JDBC or ODBC reads them.

create view authn.dormant_authenticators as
select
    c.tenant_id,
    c.user_id,
    c.authenticator_id,
    c.app_id,
    c.app_name,
    c.method::text as method,
    c.registered_at,
    c.last_success_at,
    c.last_success_at is null as never_used,
    extract(day from authn._statement_clock() - coalesce(c.last_success_at, c.registered_at))::integer as days_idle
from authn_data.context_facts c
where coalesce(c.last_success_at, c.registered_at) < authn._statement_clock() - interval '90 days';
comment on view authn.dormant_authenticators is
    'every context without a success in 90 days, or registered that long ago and never used';
comment on column authn.dormant_authenticators.never_used is 'whether it has not succeeded in this app since it was registered there';
comment on column authn.dormant_authenticators.days_idle is 'whole days since the last success, or else the registration; at least 90';
grant select on authn.dormant_authenticators to authn_reader;

create view authn.method_adoption as
select
    s.tenant_id,
    s.app_id,
    s.app_name,
    s.method::text as method,
    s.status::text as status,
    count(distinct s.user_id) as users,
    count(*) as authenticators,
    count(*) filter (where s.last_success_at > authn._statement_clock() - interval '30 days') as used_in_30_days
from (
    select
        c.tenant_id,
        c.user_id,
        c.app_id,
        c.app_name,
        c.method,
        c.last_success_at,
        authn.status_rule(authn._statement_clock(), c.blocked_until, c.locked_until, c.last_success_at) as status
    from authn_data.context_facts c
    where c.available
) s
group by s.tenant_id, s.app_id, s.app_name, s.method, s.status;
comment on view authn.method_adoption is 'how many users and authenticators each method has in each app that offers it, by status';
comment on column authn.method_adoption.authenticators is 'contexts: an authenticator counts once in each app';
comment on column authn.method_adoption.used_in_30_days is 'those of them that succeeded in the app within 30 days';
grant select on authn.method_adoption to authn_reader;

-- Day by day, so that a condition on the day reads that day only: its partition, and its part of it. By user first,
-- so that the machine that has him can (docs/scale.md), and by him alone before all else, which sorts fastest.
create view authn.daily_attempts as
select
    a.tenant_id,
    timezone('UTC', d.begins)::date as day,
    a.app_id,
    a.method::text as method,
    case a.kind when 'attempt_succeeded' then 'succeeded' else 'failed' end as outcome,
    sum(a.attempts) as attempts,
    count(*) as users
from generate_series(
    date_trunc('day', authn._statement_clock() - (select max(t.retention) from authn_data.tenants t), 'UTC'),
    authn._statement_clock(),
    interval '24 hours'
) as d (begins)
cross join lateral (
    select
        e.tenant_id,
        e.user_id,
        e.app_id,
        e.method,
        e.kind,
        -- of one user on one day; what adds it up answers a bigint
        count(*)::integer as attempts
    from authn_data.events e
    where e.at >= d.begins
      and e.at < d.begins + interval '24 hours'
      and e.kind in ('attempt_succeeded', 'attempt_failed')
    group by e.user_id, e.kind, e.method, e.app_id, e.tenant_id
) a
group by a.tenant_id, d.begins, a.app_id, a.method, a.kind
union all
select
    r.tenant_id,
    timezone('UTC', date_trunc('day', r.first_at, 'UTC'))::date,
    r.app_id,
    r.method::text,
    'refused',
    count(*),
    count(distinct r.user_id)
from authn_data.refusals r
group by 1, 2, 3, 4;
comment on view authn.daily_attempts is 'attempts by day (UTC), app, method and outcome: succeeded, failed, refused';
comment on column authn.daily_attempts.attempts is 'of refused ones: the first of each lock or deactivation, which is what is recorded';
grant select on authn.daily_attempts to authn_reader;
