# shellcheck shell=bash
# The gateway as a process: started, watched until it is ready, stopped. Sourced after lib.sh.

GATEWAY_LOG=$LOGS/gateway.log

# "<pid> <start time>" of a process that lives: the id alone could be another's by now.
process_identity() {
  local stat
  stat=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) && [ "${stat%% *}" != Z ] || return 1
  say "$1 $(cut -d ' ' -f 20 <<<"$stat")"
}

gateway_pid() {
  local identity
  identity=$(cat "$RUN/gateway.pid" 2>/dev/null) && [ -n "$identity" ] || return 1
  [ "$(process_identity "${identity% *}")" = "$identity" ] || return 1
  say "${identity% *}"
}

# An address to connect to, for one to listen on.
gateway_url() {
  local listen=$1
  case $listen in
    0.0.0.0:*) listen=127.0.0.1:${listen##*:} ;;
    '[::]':*) listen="[::1]:${listen##*:}" ;;
  esac
  say "http://$listen"
}

# gateway_start <binary> <listen>: with the settings of .run/gateway.env.
gateway_start() {
  local binary=$1 url tries
  url=$(gateway_url "$2")
  # A session of its own: Ctrl-C is answered by who follows the log, in the right order.
  (
    set -a
    # shellcheck source=/dev/null
    . "$RUN/gateway.env"
    exec setsid "$binary" serve </dev/null >"$GATEWAY_LOG" 2>&1 8>&- 9>&-
  ) &
  process_identity "$!" >"$RUN/gateway.pid"
  for ((tries = 0; tries < 300; tries++)); do
    ! curl --silent --fail --output /dev/null --max-time 2 --noproxy '*' "$url/readyz" || return 0
    gateway_pid >/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$GATEWAY_LOG" >&2
  die "The gateway did not answer $url/readyz; the end of its log is above, all of it is in $GATEWAY_LOG."
}

gateway_stop() {
  local pid tries
  pid=$(gateway_pid) || return 0
  kill -TERM "$pid" 2>/dev/null || true
  for ((tries = 0; tries < 150; tries++)); do
    gateway_pid >/dev/null || break
    sleep 0.1
  done
  # It has had its time to finish what was under way.
  ! gateway_pid >/dev/null || kill -KILL "$pid" 2>/dev/null || true
  rm -f "$RUN/gateway.pid"
}
