#!/usr/bin/env bash
# make run: from a bare machine, or from the last time, to a gateway that answers.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/prerequisites.sh
. "$HERE/prerequisites.sh"
# shellcheck source=scripts/portal.sh
. "$HERE/portal.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"
# shellcheck source=scripts/extension.sh
. "$HERE/extension.sh"
# shellcheck source=scripts/gateway.sh
. "$HERE/gateway.sh"
# shellcheck source=scripts/demo.sh
. "$HERE/demo.sh"

PGPORT=${PGPORT:-54329}
LISTEN=${LISTEN:-127.0.0.1:8080}
DATA=$RUN/data

main() {
  local began=$EPOCHREALTIME
  lock
  check_settings
  need_disk
  need_free_ports
  need_packages "${BUILD_PACKAGES[@]}"
  need_rust
  need_cargo_pgrx
  find_server_user
  installation_refresh
  step "Build the extension and install it into .run" extension_install
  need_portal
  step "Build the gateway" gateway_build
  GATEWAY=$(target_directory)/debug/gateway

  # From here on there is something to end when this goes wrong.
  trap 'give_up' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  start_cluster
  step "Create the extension and its storage" prepare_database
  step "Load the demo tenant" load_demo
  start_gateway
  unlock
  say "==> Ready after $(seconds_since "$began") s"
  introduce

  if [ -n "${DETACH:-}" ]; then
    trap - EXIT
    say "Running in the background; \`make stop\` ends it. The log: $GATEWAY_LOG"
  else
    follow
  fi
}

check_settings() {
  [[ $PGPORT =~ ^[1-9][0-9]{0,4}$ ]] || die "PGPORT must be a port number, not \"$PGPORT\"."
  [[ $LISTEN =~ ^.+:[0-9]+$ ]] || die "LISTEN must be an address and a port, such as 127.0.0.1:8080, not \"$LISTEN\"."
}

# Before the build, which is long, rather than after it. What we have running ourselves is no obstacle.
need_free_ports() {
  if ! cluster_pid "$DATA" >/dev/null || [ "$(cluster_port "$DATA")" != "$PGPORT" ]; then
    need_port 127.0.0.1 "$PGPORT" "the private PostgreSQL" "make run PGPORT=54330"
  fi
  if ! gateway_pid >/dev/null || [ "$(cat "$RUN/gateway.listen" 2>/dev/null)" != "$LISTEN" ]; then
    need_port "${LISTEN%:*}" "${LISTEN##*:}" "the gateway" "make run LISTEN=127.0.0.1:8081"
  fi
}

start_cluster() {
  local loaded
  if cluster_pid "$DATA" >/dev/null; then
    loaded=$(cat "$RUN/data.loaded" 2>/dev/null || true)
    if [ "$loaded" = "$(extension_checksum)" ] && [ "$(cluster_port "$DATA")" = "$PGPORT" ]; then
      say "==> The private cluster is already running on port $PGPORT (process $(cluster_pid "$DATA")); it stays"
      return
    fi
    step "Stop the private cluster, which runs an earlier build or on another port" cluster_stop "$DATA"
  fi
  step "Start the private cluster on 127.0.0.1:$PGPORT as $SERVER_USER" create_and_start
}

create_and_start() {
  local password
  password=$(secret administrator.password)
  cluster_create "$DATA" "$password"
  remember_password "$DATA.pgpass" "$ADMINISTRATOR" "$password"
  cluster_start "$DATA" "$PGPORT"
  extension_checksum >"$RUN/data.loaded"
}

prepare_database() {
  local existed
  existed=$(sql_in "$DATA" postgres <<<"select count(*) from pg_database where datname = 'authn'")
  [ "$existed" = 1 ] || sql_in "$DATA" postgres <<<"create database authn template template0"
  install_extension "$DATA" authn
  warn_if_stale
  # Through standard input, where neither \`ps\` nor a history sees it.
  sql_in "$DATA" authn <<<"alter role authn_gateway password '$(secret gateway.password)'"
  remember_password "$DATA.pgpass" authn_gateway "$(secret gateway.password)"
}

start_gateway() {
  local pid
  if pid=$(gateway_pid); then
    step "Stop the gateway that is already running (process $pid), to start this build's" gateway_stop
  fi
  (
    umask 077
    cat >"$RUN/gateway.env" <<EOF
DATABASE_URL=postgres://authn_gateway:$(secret gateway.password)@127.0.0.1:$PGPORT/authn
LISTEN=$LISTEN
JWT_SECRET=$(secret jwt.secret)
EOF
  )
  say "$LISTEN" >"$RUN/gateway.listen"
  step "Start the gateway on $LISTEN" gateway_start "$GATEWAY" "$LISTEN"
}

introduce() {
  local url token
  url=$(gateway_url "$LISTEN")
  token=$(demo_token "$GATEWAY" admin)
  # The token behind the # stays in the browser.
  cat <<EOF

The portal:   $url/#token=$token
GraphQL:      $url/graphql
SQL:          make psql

A token of the demo tenant's administrator (another one: make token ROLE=support):

TOKEN=$token

A first query, to paste below it:

curl -s $url/graphql -H "Authorization: Bearer \$TOKEN" -H 'Content-Type: application/json' \\
  -d '$(first_query)'

The same in SQL:

make psql <<< "$(first_sql)"

EOF
}

follow() {
  local pid
  pid=$(gateway_pid)
  say "Following the gateway's log; Ctrl-C ends the gateway and the cluster, and the data stays."
  tail --follow --lines=+1 --pid "$pid" "$GATEWAY_LOG" &
  wait "$!"
  if gateway_pid >/dev/null; then
    trap - EXIT
    say "Another \`make run\` has taken over."
  elif [ ! -e "$RUN/gateway.pid" ]; then
    trap - EXIT
    say "The gateway was stopped."
  else
    die "The gateway has ended by itself; the end of its log is above."
  fi
}

give_up() {
  trap '' INT TERM HUP
  say
  say "Stopping the gateway and the private cluster …"
  gateway_stop
  cluster_stop "$DATA"
  say "Stopped; \`make run\` starts them again with their data."
}

main
