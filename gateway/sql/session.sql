-- What the extension believes about the caller, for this transaction only; the role last, since the
-- settings are made with the login's rights.
select
    set_config('authn.tenant', $1, true),
    set_config('authn.actor', $2, true),
    set_config('authn.apps', $3, true),
    set_config('authn.request_id', $4, true),
    set_config('authn.ip', $5, true),
    set_config('authn.user_agent', $6, true),
    set_config('role', $7, true)
