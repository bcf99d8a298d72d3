-- A user's ($1) first success with any authenticator, at an instant ($2).
update authn_data.users
set activated_at = $2
where user_id = $1
  and activated_at is null
