-- What ended an hour before an instant ($2) answers no completion any more.
delete from authn_data.reservations
where user_id = $1
  and ended_at < $2 - interval '1 hour'
