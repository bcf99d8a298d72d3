#!/usr/bin/env bash
# For a test that crashes its server: a cluster of its own below .run/test, which disturbs nobody.
#   cluster.sh start <name> [server option]…   creates it at the first call, prints how to connect
#   cluster.sh crash <name>                    kill -9 of the server with all its processes
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
  local tries
  if [ ! -e "$DATA.password" ]; then
    (umask 077 && random_secret >"$DATA.password")
    cluster_create "$DATA" "$(cat "$DATA.password")" >&2
  fi
  # Between the choice of a port and its use somebody else may take it.
  for tries in 1 2 3; do
    if cluster_start "$DATA" "$(free_port)" "$@"; then
      say "host=127.0.0.1 port=$(cluster_port "$DATA") user=$ADMINISTRATOR password=$(cat "$DATA.password") dbname=postgres"
      return
    fi
    say "That was attempt $tries." >&2
  done
  die "The cluster $DATA does not start; what the server says is above."
}

# Stopped first, so that it starts no process that the list does not have.
crash() {
  local server process processes
  server=$(cluster_pid "$DATA")
  kill -STOP "$server"
  mapfile -t processes < <(children "$server")
  kill -KILL "${processes[@]}" "$server"
  for process in "${processes[@]}" "$server"; do
    while runs "$process"; do sleep 0.01; done
  done
  # An init that is slow to collect its dead leaves them their ids, which the next server would take for a
  # living one's.
  rm "$DATA/postmaster.pid"
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
  cluster_stop "$DATA"
  rm -rf "$DATA" "$DATA".*
}

case $1 in
  start) start "${@:3}" ;;
  crash) crash ;;
  remove) remove ;;
  *) die "cluster.sh start, crash or remove, not \"$1\"." ;;
esac
