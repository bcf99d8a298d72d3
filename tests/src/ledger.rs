//! What must hold between the counters and the log, whatever happened: each claim with a query for what
//! breaks it, which answers an id and what is wrong with it.

/// Every number that a domain gave out is the number of one event, without a gap.
pub const NUMBERS_HAVE_NO_GAP: (&str, &str) = (
    "the number of a domain is the count and the highest of its events",
    "select d.user_id::text, concat_ws(' ', d.event_number, l.events, l.latest)
     from (
         select c.user_id, c.context_id as domain_id, c.event_number from authn_data.contexts c
         union all
         select u.user_id, u.user_id, u.event_number from authn_data.users u
     ) d
     full join (
         select e.user_id, e.domain_id, count(*) as events, max(e.number) as latest
         from authn_data.events e
         group by 1, 2
     ) l using (user_id, domain_id)
     where (d.event_number, d.event_number) is distinct from (coalesce(l.events, 0), coalesce(l.latest, 0))",
);

/// Where no lock or window has run out and no reservation is open: the counters are those of the log.
pub const COUNTERS_ARE_THE_LOG: (&str, &str) = (
    "the counter is the failures of the log since the last success or unlock",
    "select c.user_id::text, concat_ws(' ', c.failures, c.failures_since_success, l.failures)
     from authn_data.contexts c
     cross join lateral (
         select count(*) filter (where e.kind = 'attempt_failed') as failures
         from authn_data.events e
         where e.user_id = c.user_id
           and e.domain_id = c.context_id
           and e.number > (
               select coalesce(max(r.number), 0)
               from authn_data.events r
               where r.user_id = c.user_id
                 and r.domain_id = c.context_id
                 and r.kind in ('attempt_succeeded', 'unlocked')
           )
     ) l
     where authn.method_lockable(c.method)
       and (c.failures, c.failures_since_success) <> (l.failures, l.failures)",
);
