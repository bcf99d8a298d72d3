# shellcheck shell=bash
# What every script shares: where things are, how a step is shown and timed, how a failure is told.
set -euo pipefail

# The server's user must be able to read what the caller builds, whatever the caller's umask is.
# Secrets are written under a tighter one.
umask 022

# Connection settings of the caller's (PGOPTIONS, PGSERVICE, …) and of their own pgrx must not reach ours.
for variable in "${!PG@}"; do
  [ "$variable" = PGPORT ] || unset "$variable"
done
unset variable

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
RUN=$ROOT/.run
LOGS=$RUN/log
PATH=$RUN/tools/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

# A failure that has been explained ends with this status, so that nobody explains it again.
TOLD=3

say() { printf '%s\n' "$*"; }

die() {
  printf '\n%s\n' "$*" | fold -s -w 100 >&2
  exit "$TOLD"
}

# attempt <title> <log> <function> [arguments]: runs it in a subshell, shows what it prints and how long
# it took, keeps the output and leaves the exit status in STATUS. Not a status of its own: whoever tested
# that would switch off the subshell's `set -e`.
attempt() {
  local title=$1 log=$LOGS/$2.log started=$EPOCHREALTIME
  shift 2
  mkdir -p "$LOGS"
  say "==> $title"
  set +e
  (
    set -e
    "$@"
  ) 2>&1 </dev/null | sed -uE 's/\x1b(\[[0-9;]*[A-Za-z]|\(B)//g' | tee "$log" | sed -u 's/^/    /'
  STATUS=${PIPESTATUS[0]}
  set -e
  say "    $(seconds_since "$started") s"
}

# step <title> <function> [arguments]: an attempt without which there is no going on.
step() {
  attempt "$1" "$2" "${@:2}"
  [ "$STATUS" -ne 0 ] || return 0
  [ "$STATUS" -eq "$TOLD" ] || explain "$1" "$LOGS/$2.log"
  exit "$TOLD"
}

# The causes that have nothing to do with the project are named; the rest is in the output above.
explain() {
  local title=$1 log=$2
  if grep -qiE 'no space left on device|disk quota exceeded' "$log"; then
    die "\"$title\" failed because the disk is full. $(df -h --output=avail "$ROOT" | tail -n 1 | tr -d ' ')" \
      "is free where the checkout is ($ROOT) and $(df -h --output=avail "${TMPDIR:-/tmp}" | tail -n 1 | tr -d ' ')" \
      "in ${TMPDIR:-/tmp}. A first build needs about 4 GiB; make room and run the same command again."
  fi
  if grep -qiE 'could not resolve host|failed to download|download of .* failed|network failure|spurious network error|failed to fetch|couldn.t connect|temporary failure' "$log"; then
    die "\"$title\" failed because something could not be downloaded (the lines above say what). Check the" \
      "network and the proxy settings, then run the same command again: what has been fetched is kept."
  fi
  die "\"$title\" failed; the reason is in the lines above, which are kept in $log."
}

seconds_since() {
  local microseconds=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))
  printf '%d.%d' $((microseconds / 1000000)) $((microseconds % 1000000 / 100000))
}

# Only one command at a time may set up what the checkout's commands share.
lock() {
  mkdir -p "$RUN" 2>/dev/null || true
  [ -w "$RUN" ] || die "$RUN belongs to $(stat -c %U "$RUN"), not to $(id -un). Use the user who ran \`make run\`" \
    "first (or root), or have them delete .run, which holds the private cluster and its data."
  exec 9>"$RUN/lock"
  flock -n 9 && return
  say "Waiting for another make command in this checkout to finish setting up …"
  flock 9
}

unlock() { exec 9>&-; }

need_disk() {
  local needed=$((1 << 20)) available
  # Kilobytes: a first build, or one on top of what is there.
  [ -d "$ROOT/target/debug" ] || needed=$((4 << 20))
  available=$(df --output=avail -k "$ROOT" | tail -n 1)
  [ "$available" -ge "$needed" ] || die "There is not enough room on the disk of $ROOT: $((available >> 10)) MiB are free" \
    "and this needs about $((needed >> 10)) MiB. Make room and run the same command again."
}

random_secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# secret <name>: the content of .run/<name>, made at the first call.
secret() {
  [ -s "$RUN/$1" ] || (umask 077 && random_secret >"$RUN/$1")
  cat "$RUN/$1"
}
