update authn_data.contexts
set in_flight = in_flight + 1,
    latest_at = $3
where user_id = $1
  and context_id = $2
