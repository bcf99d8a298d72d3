#!/usr/bin/env bash
# make bench: what an attempt costs, next to the least that PostgreSQL can do for it: one prepared transaction
# that updates a row and inserts another, on the same cluster, in turns. Absolute numbers belong to the machine;
# the ratios belong to us. Settings: ROUNDS (3), SECONDS_EACH (3), CLIENTS ("1 8 32").
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/prerequisites.sh
. "$HERE/prerequisites.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"
# shellcheck source=scripts/extension.sh
. "$HERE/extension.sh"

BENCH=$RUN/bench
DATA=$BENCH/data
DATABASE=authn_bench
SCRIPTS=$ROOT/tests/bench/attempts
ROUNDS=${ROUNDS:-3}
SECONDS_EACH=${SECONDS_EACH:-3}
CLIENTS=${CLIENTS:-1 8 32}
SUBJECTS=(succeeded failed refused reserved hot)

main() {
  lock
  need_disk
  need_packages "${BUILD_PACKAGES[@]}"
  need_rust
  need_cargo_pgrx
  find_server_user
  installation_refresh
  step "Build the extension and install it into .run" extension_install
  unlock
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # What an earlier run left when it was killed.
  clean_up
  mkdir -p "$BENCH"
  step "Start a cluster of its own" create_and_start
  step "Create a thousand users" create_world
  TENANT=$(sql_in "$DATA" "$DATABASE" <<<"select tenant_id from authn.tenants")
  HOT=$(sql_in "$DATA" "$DATABASE" <<<"select authenticator_id from authn_data.authenticators where method = 'sms_otp'")
  introduce
  for durable in off on; do
    for clients in $CLIENTS; do
      measure "$durable" "$clients"
    done
  done
  measure_replay
}

create_and_start() {
  local password
  password=$(random_secret)
  cluster_create "$DATA" "$password"
  remember_password "$DATA.pgpass" "$ADMINISTRATOR" "$password"
  cluster_start "$DATA" "$(free_port)" shared_buffers=512MB max_wal_size=4GB
}

create_world() {
  sql_in "$DATA" postgres <<<"create database $DATABASE template template0"
  sql_in "$DATA" "$DATABASE" --file "$SCRIPTS/world.sql" >/dev/null
}

introduce() {
  cat <<TEXT

$("$PG_BIN/postgres" --version), $(nproc) cores, median of $ROUNDS rounds of $SECONDS_EACH s, the floor and each subject in turns.
  floor      begin; update a row; insert a row; end (prepared, four round trips)
  succeeded  record_attempt with the right secret, 1,000 users
  failed     record_attempt, 19 in 20 wrong, 1,000 users
  refused    record_attempt on a locked authenticator
  reserved   begin_attempt and complete_attempt, two transactions
  hot        record_attempt on one SMS code through three apps, every other one wrong
"CPU" is what the server processes spend on a transaction.

TEXT
}

# attempts_per_second <script> <clients> <durable>: transactions per second, and CPU microseconds of each
attempts_per_second() {
  local script=$1 clients=$2 options="-c synchronous_commit=$3" before after output
  [ "$script" = floor ] || options+=" -c role=authn_service -c authn.tenant=$TENANT -c authn.actor=bench"
  before=$(children_ticks)
  output=$(PGPASSFILE=$DATA.pgpass PGOPTIONS=$options "$PG_BIN/pgbench" --host 127.0.0.1 --port "$(cluster_port "$DATA")" \
    --username "$ADMINISTRATOR" --no-vacuum --protocol prepared --client "$clients" --jobs 2 --time "$SECONDS_EACH" \
    --define "hot=$HOT" --file "$SCRIPTS/$script.sql" "$DATABASE" 2>&1) || die "$output"
  after=$(children_ticks)
  awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" '
    /^number of transactions actually processed/ { transactions = $NF }
    /^tps/ { tps = $3 }
    END { printf "%.0f %.0f\n", tps, ticks * 1000000 / hertz / transactions }' <<<"$output"
}

# The CPU time of the server processes that have ended, which those of a pgbench run have by its end.
children_ticks() {
  local stat
  stat=$(sed 's/.*) //' "/proc/$(cluster_pid "$DATA")/stat")
  awk '{ print $14 + $15 }' <<<"$stat"
}

median() { sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

measure() {
  local durable=$1 clients=$2 round subject floor results=$BENCH/results
  rm -rf "$results"
  mkdir -p "$results"
  for ((round = 1; round <= ROUNDS; round++)); do
    read -r floor cpu < <(attempts_per_second floor "$clients" "$durable")
    say "$floor" >>"$results/floor.tps"
    say "$cpu" >>"$results/floor.cpu"
    for subject in "${SUBJECTS[@]}"; do
      read -r tps cpu < <(attempts_per_second "$subject" "$clients" "$durable")
      say "$tps" >>"$results/$subject.tps"
      say "$cpu" >>"$results/$subject.cpu"
      awk -v tps="$tps" -v floor="$floor" 'BEGIN { print tps / floor }' >>"$results/$subject.ratio"
    done
  done
  printf 'synchronous_commit %-3s  %2s client(s)  floor %7s/s  CPU %4s µs\n' "$durable" "$clients" \
    "$(median <"$results/floor.tps")" "$(median <"$results/floor.cpu")"
  for subject in "${SUBJECTS[@]}"; do
    printf '  %-10s %8s/s  %5.2f of the floor  CPU %4s µs\n' "$subject" "$(median <"$results/$subject.tps")" \
      "$(median <"$results/$subject.ratio")" "$(median <"$results/$subject.cpu")"
  done
}

# The aggregate that a what-if runs over attempts, on one core, with the making of the rows that it reads.
measure_replay() {
  local attempts=4000000 round
  for ((round = 1; round <= ROUNDS; round++)); do
    milliseconds "select (authn._replay(at, n % 13 = 0, '{5}', array[interval '15 minutes'], interval '15 minutes', false, 100, now())).attempts
      from (select n, timestamptz '2026-01-01' + n * interval '1 minute' as at from generate_series(1, $attempts) n) r" >>"$BENCH/replay"
  done
  awk -v attempts="$attempts" -v took="$(median <"$BENCH/replay")" 'BEGIN {
    printf "what-if, %d attempts: %.1f million/s on one core\n", attempts, attempts / took / 1000
  }'
}

# milliseconds <query>
milliseconds() {
  printf 'set jit = off;\nset max_parallel_workers_per_gather = 0;\n\\timing on\n%s;\n' "$1" |
    sql_in "$DATA" "$DATABASE" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -n 1
}

clean_up() {
  cluster_stop "$DATA"
  rm -rf "$BENCH"
}

main
