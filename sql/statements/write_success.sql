-- The latest success of a global authenticator in an app: $1 user, $2 authenticator, $3 app, $4 instant, $5 device.
update authn_data.contexts
set last_success_at = $4,
    last_device_id = $5
where user_id = $1
  and authenticator_id = $2
  and app_id = $3
