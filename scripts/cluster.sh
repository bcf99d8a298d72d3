#!/usr/bin/env bash
# For a test that crashes its server: a cluster of its own below .run/test, which disturbs nobody.
#   cluster.sh start <name> [server option]…   creates it at the first call, prints how to connect
#   cluster.sh follow <name> <primary> [server option]…   the same, as a streaming replica of another
#   cluster.sh crash <name>                    kill -9 of the server with all its processes
#   cluster.sh silence <name>, resume <name>   all its processes stop where they are, and go on
#   cluster.sh remove <name>
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"

DATA=$RUN/test/$2

start() {
  local tries port
  if [ ! -e "$DATA.password" ]; then
    (umask 077 && random_secret >"$DATA.password")
    cluster_create "$DATA" "$(cat "$DATA.password")" >&2
  fi
  # Between the choice of a port and its use somebody else may take it.
  # A server that comes back does so where its clients know it.
  port=$(cat "$DATA.port" 2>/dev/null || free_port)
  for tries in 1 2 3; do
    if cluster_start "$DATA" "$port" "$@"; then
      say "$port" >"$DATA.port"
      say "host=127.0.0.1 port=$(cluster_port "$DATA") user=$ADMINISTRATOR password=$(cat "$DATA.password") dbname=postgres"
      return
    fi
    say "That was attempt $tries." >&2
    port=$(free_port)
  done
  die "The cluster $DATA does not start; what the server says is above."
}

follow() {
  local primary=$RUN/test/$1 owned=$DATA.new
  find_server_user
  # In a directory of the server's user, who alone may read what is in it.
  install -d -m 700 "$owned"
  [ "$(id -u)" -ne 0 ] || chown "$SERVER_USER:" "$owned"
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_server sh -ec '
    PGPASSWORD=$(cat)
    export PGPASSWORD
    exec "$2" --pgdata "$1/data" --host 127.0.0.1 --port "$3" --username "$4" \
      --write-recovery-conf --wal-method stream --checkpoint fast
  ' - "$(server_path "$owned")" "$(server_bin pg_basebackup)" "$(cluster_port "$primary")" "$ADMINISTRATOR" \
    <"$primary.password" >&2
  mv "$owned/data" "$DATA"
  rm -rf "$owned"
  cp "$primary.password" "$DATA.password"
  start "${@:2}"
}

# Stopped first, so that it starts no process that the list does not have.
crash() {
  local process
  stop_all
  kill -KILL "${processes[@]}" "$server"
  for process in "${processes[@]}" "$server"; do
    while runs "$process"; do sleep 0.01; done
  done
  # An init that is slow to collect its dead leaves them their ids, which the next server would take for a
  # living one's.
  rm "$DATA/postmaster.pid"
}

# Leaves the server in `server` and its children in `processes`.
stop_all() {
  server=$(cluster_pid "$DATA")
  kill -STOP "$server"
  mapfile -t processes < <(children "$server")
  kill -STOP "${processes[@]}"
}

resume() {
  local server
  server=$(cluster_pid "$DATA")
  mapfile -t processes < <(children "$server")
  kill -CONT "${processes[@]}" "$server"
}

children() {
  local stat
  for stat in /proc/[0-9]*/stat; do
    # A process may end between the listing and the look at it.
    sed -n "s/^\([0-9]*\) .*) [A-Z] $1 .*/\1/p" "$stat" 2>/dev/null || true
  done
}

# Of a process that has ended nothing but its status is left.
runs() { readlink "/proc/$1/exe" >/dev/null 2>&1; }

remove() {
  # A process that is stopped ends by nothing but its continuation.
  ! cluster_pid "$DATA" >/dev/null || resume
  cluster_stop "$DATA"
  rm -rf "$DATA" "$DATA".*
}

case $1 in
  start) start "${@:3}" ;;
  follow) follow "${@:3}" ;;
  crash) crash ;;
  silence) stop_all ;;
  resume) resume ;;
  remove) remove ;;
  *) die "cluster.sh start, follow, crash, silence, resume or remove, not \"$1\"." ;;
esac
