#!/usr/bin/env bash
# For a test that reaches its server through a pooler: PgBouncer in transaction mode, below .run/test.
#   pooler.sh start <name> <port of the server> <server connections>   reads lines of "user" "password"
#                                                                       from standard input, prints the port
#   pooler.sh remove <name>
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"

POOLER=$RUN/test/$2

start() {
  local server_port=$1 connections=$2 port tries
  find_server_user
  install -d -m 700 "$POOLER"
  (umask 077 && cat >"$POOLER/users")
  # Between the choice of a port and its use somebody else may take it.
  for tries in 1 2 3; do
    port=$(free_port)
    configuration "$server_port" "$connections" "$port" >"$POOLER/pgbouncer.ini"
    [ "$(id -u)" -ne 0 ] || chown -R "$SERVER_USER:" "$POOLER"
    as_server /usr/sbin/pgbouncer --daemon --quiet "$(server_path "$POOLER")/pgbouncer.ini" >&2
    if listens "$port"; then
      say "$port"
      return
    fi
    say "That was attempt $tries." >&2
  done
  cat "$POOLER/log" >&2
  die "PgBouncer does not start; what it says is above."
}

# It goes into the background before it listens; whether it could tells its process.
listens() {
  local pid
  while ! pid=$(runs) || [ -z "$(port_inodes 127.0.0.1 "$1")" ]; do
    [ -n "$pid" ] || ! grep -qE 'FATAL|ERROR' "$POOLER/log" 2>/dev/null || return 1
    sleep 0.05
  done
}

# The process id of the pooler; fails when it is not running.
runs() {
  local pid
  pid=$(cat "$POOLER/pid" 2>/dev/null) || return 1
  # A process id can be another's by now.
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = pgbouncer ] || return 1
  say "$pid"
}

configuration() {
  local at
  at=$(server_path "$POOLER")
  cat <<INI
[databases]
* = host=127.0.0.1 port=$1
[pgbouncer]
pool_mode = transaction
default_pool_size = $2
max_client_conn = 200
listen_addr = 127.0.0.1
listen_port = $3
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $at/users
pidfile = $at/pid
logfile = $at/log
INI
}

remove() {
  local pid
  if pid=$(runs); then
    kill "$pid"
    while runs >/dev/null; do sleep 0.05; done
  fi
  rm -rf "$POOLER"
}

case $1 in
  start) start "$3" "$4" ;;
  remove) remove ;;
  *) die "pooler.sh start or remove, not \"$1\"." ;;
esac
