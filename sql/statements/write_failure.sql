-- The latest failure of a global authenticator in an app: $1 user, $2 context, $3 instant.
update authn_data.contexts
set last_failure_at = $3
where user_id = $1
  and context_id = $2
