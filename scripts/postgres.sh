# shellcheck shell=bash
# The private PostgreSQL: an installation under .run, and clusters in it. Sourced after lib.sh and ports.sh.

# PostgreSQL finds its libraries and shared files relative to its own binary, so a copy of Debian's
# directories under another prefix is an installation of its own: the extension goes there, and
# /usr and the other checkouts stay as they were.
PG_INSTALLATION=$RUN/pg
PG_BIN=$PG_INSTALLATION/lib/postgresql/15/bin
# shellcheck disable=SC2034 # for those who source this
PG_EXTENSIONS=$PG_INSTALLATION/share/postgresql/15/extension
ADMINISTRATOR=postgres

installation_refresh() {
  local versions
  versions=$(dpkg-query -W -f '${Package} ${Version}\n' postgresql-15 postgresql-client-15 postgresql-server-dev-15)
  [ "$versions" != "$(cat "$PG_INSTALLATION/versions" 2>/dev/null)" ] || return 0
  step "Copy PostgreSQL into .run" installation_copy "$versions"
}

installation_copy() {
  local versions=$1 part
  # The servers of this checkout run from what is about to be replaced.
  cluster_stop "$RUN/data"
  rm -rf "$PG_INSTALLATION"
  for part in lib/postgresql/15 share/postgresql/15 include/postgresql; do
    mkdir -p "$PG_INSTALLATION/${part%/*}"
    cp -RL --preserve=timestamps "/usr/$part" "$PG_INSTALLATION/$part"
  done
  chmod -R a+rX "$PG_INSTALLATION"
  [ "$("$PG_BIN/pg_config" --sharedir)" = "$PG_INSTALLATION/share/postgresql/15" ] ||
    die "The PostgreSQL of this machine does not relocate: $("$PG_BIN/pg_config" --sharedir) instead of a" \
      "directory under $PG_INSTALLATION. The packages must be Debian's own postgresql-15."
  # The last file to appear: a copy that was interrupted is made again.
  say "$versions" >"$PG_INSTALLATION/versions"
}

# PostgreSQL refuses to run as root. Root's server runs as the owner of the checkout, or else as `postgres`.
SERVER_USER=
SERVER_RUN=

find_server_user() {
  [ -z "$SERVER_USER" ] || return 0
  SERVER_USER=$(id -un)
  SERVER_RUN=$RUN
  if [ -e "$RUN/data" ]; then
    SERVER_USER=$(stat -c %U "$RUN/data")
    [ "$(id -u)" -eq 0 ] || [ "$SERVER_USER" = "$(id -un)" ] ||
      die "The private cluster in $RUN belongs to $SERVER_USER, not to $(id -un). Use root, who made it, or have" \
        "root run \`make reset\`, which deletes it."
  elif [ "$(id -u)" -eq 0 ]; then
    SERVER_USER=$(stat -c %U "$ROOT")
    [ "$SERVER_USER" != root ] && id "$SERVER_USER" >/dev/null 2>&1 || SERVER_USER=postgres
  fi
  [ "$(id -u)" -eq 0 ] || return 0
  mkdir -p "$RUN"
  ! as_server test -x "$RUN" || return 0
  # A checkout below a closed directory, such as root's home: the server gets a view of the file
  # system in which .run is also at a place that it can reach.
  SERVER_RUN=/mnt
  as_server test -x "$SERVER_RUN/." 2>/dev/null ||
    die "The private PostgreSQL runs as the user $SERVER_USER, who cannot enter $ROOT because a directory above it" \
      "is closed, and this machine does not allow mount namespaces, with which that could be got around. Move" \
      "the checkout to a directory that everybody can enter, such as /srv or /opt, or work as an ordinary user."
}

# Runs a command as the server's user, with nothing of the caller's environment: RUST_BACKTRACE, for one,
# would have the extension's errors carry stack traces to its clients.
as_server() {
  local clean=(env -i PATH=/usr/bin:/bin LANG=C.UTF-8)
  [ "$(id -u)" -ne 0 ] ||
    clean=(setpriv --reuid "$SERVER_USER" --regid "$(id -g "$SERVER_USER")" --init-groups "${clean[@]}")
  (
    cd /
    if [ "$SERVER_RUN" = "$RUN" ]; then
      exec "${clean[@]}" "$@"
    else
      # shellcheck disable=SC2016 # expanded by the inner shell
      exec unshare --mount sh -ec 'mount --bind "$1" "$2"; shift 2; cd /; exec "$@"' - \
        "$RUN" "$SERVER_RUN" "${clean[@]}" "$@"
    fi
  )
}

# server_path <path under .run>: the same path as the server's user sees it.
server_path() { say "$SERVER_RUN${1#"$RUN"}"; }

server_bin() { server_path "$PG_BIN/$1"; }

# cluster_create <directory> <password of the administrator>
cluster_create() {
  local data=$1 password=$2 owned
  find_server_user
  [ ! -e "$data/PG_VERSION" ] || return 0
  rm -rf "$data"
  # In a directory of the server's user initdb can be given a file that only that user may read.
  owned=$data.new
  rm -rf "$owned"
  install -d -m 700 "$owned"
  [ "$(id -u)" -ne 0 ] || chown "$SERVER_USER:" "$owned"
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_server sh -ec '
    umask 077
    cat >"$1/password"
    "$2" --pgdata "$1/data" --username "$3" --pwfile "$1/password" --auth scram-sha-256 \
      --encoding UTF8 --locale C.UTF-8 --no-instructions >/dev/null
  ' - "$(server_path "$owned")" "$(server_bin initdb)" "$ADMINISTRATOR" <<<"$password"
  mv "$owned/data" "$data"
  rm -rf "$owned"
}

# cluster_pid <directory>: the postmaster's process id; fails when it is not running.
cluster_pid() {
  local pid
  pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  # A process id can be another's by now; a postmaster's working directory is its data.
  [ "$(stat -L -c %d:%i "/proc/$pid/cwd" 2>/dev/null)" = "$(stat -c %d:%i "$1")" ] || return 1
  say "$pid"
}

cluster_port() { sed -n 4p "$1/postmaster.pid"; }

# cluster_start <directory> <port> [server option]…
cluster_start() {
  local data=$1 port=$2 options setting
  find_server_user
  # TCP only: the path of a Unix socket below a deep checkout can be too long for the system.
  options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories="
  for setting in "${@:3}"; do options+=" -c $setting"; done
  if ! as_server "$(server_bin pg_ctl)" start --wait --timeout 60 --silent \
    --pgdata "$(server_path "$data")" --log "$(server_path "$data")/server.log" \
    --options "$options" >/dev/null 8>&- 9>&-; then
    tail -n 20 "$data/server.log" >&2
    ! grep -q 'No space left on device' <(tail -n 20 "$data/server.log") ||
      die "PostgreSQL did not start because the disk is full. Make room and run the same command again."
    return 1
  fi
}

# cluster_stop <directory>
cluster_stop() {
  local data=$1
  cluster_pid "$data" >/dev/null || return 0
  find_server_user
  as_server "$(server_bin pg_ctl)" stop --wait --timeout 60 --silent --mode fast --pgdata "$(server_path "$data")" >/dev/null
}

# remember_password <file> <user> <password>: so that no password is an argument that `ps` shows.
remember_password() {
  (
    umask 077
    touch "$1"
    { grep -v ":$2:" "$1" || true; say "127.0.0.1:*:*:$2:$3"; } >"$1.new"
    mv "$1.new" "$1"
  )
}

# psql_in <directory> <database> [psql argument]…: as the cluster's administrator.
psql_in() {
  local data=$1 database=$2
  PGPASSFILE=$data.pgpass "$PG_BIN/psql" --host 127.0.0.1 --port "$(cluster_port "$data")" \
    --username "$ADMINISTRATOR" --dbname "$database" "${@:3}"
}

# sql_in <directory> <database>: a script from standard input, all of it or, at the first error, nothing more.
sql_in() { psql_in "$1" "$2" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "${@:3}"; }
