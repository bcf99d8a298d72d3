-- A reservation of a lock domain ($1 user, $2 domain) ended, and counted for nothing.
update authn_data.contexts
set in_flight = in_flight - 1
where user_id = $1
  and context_id = $2
