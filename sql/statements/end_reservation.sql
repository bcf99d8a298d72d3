-- Ends a reservation ($1 user, $2 attempt) at an instant ($3) with an outcome ($4), unless it has ended.
update authn_data.reservations
set ended_at = $3,
    outcome = $4
where user_id = $1
  and attempt_id = $2
  and ended_at is null
