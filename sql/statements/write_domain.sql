-- The lock domain ($1 user, $2 domain) as an attempt leaves it.
update authn_data.contexts
set failures = $3,
    failures_since_success = $4,
    tier = $5,
    in_flight = $6,
    locked_since = $7,
    locked_until = $8,
    last_failure_at = $9,
    last_success_at = coalesce($10, last_success_at),
    last_device_id = case when $10 is null then last_device_id else $11 end,
    latest_at = $12,
    event_number = $13
where user_id = $1
  and context_id = $2
