-- What lies over the contexts of an authenticator and is a fact of none of them: a removal, a deactivation everywhere
-- or of its device, a lock of the tenant-wide row. Most authenticators have none of it, so a report over a whole
-- tenant looks into these few rows, and not into every authenticator and device: each kind has an index with no
-- others in it. The locks in force are those of authn_data.locks, which say the same as the rows that they lock.
create view authn_data.overlays as
select
    o.user_id,
    o.authenticator_id,
    bool_or(o.removed) as removed,
    max(o.everywhere_since) as everywhere_since,
    max(o.everywhere_until) as everywhere_until,
    max(o.everywhere_reason) as everywhere_reason,
    max(o.device_since) as device_since,
    max(o.device_until) as device_until,
    max(o.device_reason) as device_reason,
    max(o.locked_since) as locked_since,
    max(o.locked_until) as locked_until
from (
    select
        a.user_id,
        a.authenticator_id,
        a.removed_at is not null as removed,
        a.deactivated_since as everywhere_since,
        a.deactivated_until as everywhere_until,
        a.deactivation_reason as everywhere_reason,
        null::timestamptz as device_since,
        null::timestamptz as device_until,
        null as device_reason,
        null::timestamptz as locked_since,
        null::timestamptz as locked_until
    from authn_data.authenticators a
    where a.removed_at is not null
       or a.deactivated_until is not null
    union all
    select
        d.user_id, a.authenticator_id, false, null, null, null, d.deactivated_since, d.deactivated_until,
        d.deactivation_reason, null, null
    from authn_data.devices d
    join authn_data.authenticators a on a.user_id = d.user_id and a.device_id = d.device_id
    where d.deactivated_until is not null
    union all
    select l.user_id, l.authenticator_id, false, null, null, null, null, null, null, l.since, l.until
    from authn_data.locks l
    where l.app_id is null
      and l.ended_at is null
      and l.until > authn._statement_clock()
) o
group by o.user_id, o.authenticator_id;
comment on view authn_data.overlays is
    'every authenticator with something over all of its contexts: removal, deactivation everywhere or of its device, a tenant-wide lock in force';
