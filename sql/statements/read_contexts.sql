-- An authenticator ($1 user, $2 authenticator) in an app ($3), and its tenant-wide row.
select
    c.context_id,
    c.app_id,
    c.registered_at is not null and c.removed_at is null,
    case when c.removed_at is null then c.last_success_at end,
    c.deactivated_since,
    c.deactivated_until,
    c.locked_since,
    c.locked_until,
    c.failures,
    c.failures_since_success,
    c.tier,
    c.in_flight,
    c.last_failure_at,
    c.latest_at,
    c.event_number,
    c.xmin
from authn_data.contexts c
where c.user_id = $1
  and c.authenticator_id = $2
  and coalesce(c.app_id, $3) = $3
