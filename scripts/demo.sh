# shellcheck shell=bash
# The database that holds the demo tenant. Sourced after postgres.sh.

# install_extension <cluster> <database>: the extension at the installed version, and its tables.
install_extension() {
  sql_in "$1" "$2" <<'SQL'
set client_min_messages = warning;
create extension if not exists pg_authn;
alter extension pg_authn update;
\pset format unaligned
select 'storage at version ' || authn.migrate();
SQL
}

# An extension's functions are those of the build that created it: what changes without a new version
# number does not reach a database that has that version already.
warn_if_stale() {
  local created=$RUN/data.created_by version
  version=$(sql_in "$DATA" authn <<<"select extversion from pg_extension where extname = 'pg_authn'")
  if [ ! -s "$created" ] || [ "$(cut -d ' ' -f 1 "$created")" != "$version" ]; then
    say "$version $(extension_checksum)" >"$created"
  elif [ "$(cut -d ' ' -f 2 "$created")" != "$(extension_checksum)" ]; then
    say "Note: the extension was built anew but is still version $version, and this database was made with an" \
      "earlier build of it. SQL functions changed since then are not in it; \`make reset\` begins anew."
  fi
}

load_demo() {
  local tenants
  tenants=$(sql_in "$DATA" authn <<<"select count(*) from authn.tenants")
  if [ "$tenants" != 0 ]; then
    say "it is there"
    return
  fi
  sql_in "$DATA" authn --file "$ROOT/sql/demo/load.sql"
}

# demo_token <gateway> <role>
demo_token() {
  local tenant
  tenant=$(sql_in "$DATA" authn <<<"select tenant_id from authn.tenants order by created_at, tenant_id limit 1")
  (
    set -a
    # shellcheck source=/dev/null
    . "$RUN/gateway.env"
    "$1" token --tenant "$tenant" --role "$2"
  )
}

# A user whose password works in one app and is locked in another: what a support rep is asked about.
first_query() {
  printf '%s' '{"query":"{ users(search: \"Mia Mixed\", first: 1) { nodes { displayName authenticators(first: 10) {' \
    ' nodes { method status appLabel contexts { app { name } status } } } } } }"}'
}

first_sql() {
  printf '%s' 'select a.method, a.status, a.app_label, a.statuses from authn.authenticators a' \
    " join authn.users u using (user_id) where u.display_name = 'Mia Mixed' order by a.method"
}
