-- What the extension believes about the caller, and how long a statement and an idle transaction may take: for
-- this transaction only, so that it holds behind a pooler too. Compiling a page's statement would take the server
-- seconds, running it takes milliseconds. The role comes last, since the settings are made with the login's rights.
select
    set_config('jit', 'off', true),
    set_config('statement_timeout', $8, true),
    set_config('idle_in_transaction_session_timeout', $9, true),
    set_config('authn.tenant', $1, true),
    set_config('authn.actor', $2, true),
    set_config('authn.apps', $3, true),
    set_config('authn.request_id', $4, true),
    set_config('authn.ip', $5, true),
    set_config('authn.user_agent', $6, true),
    set_config('role', $7, true)
