# shellcheck shell=bash
# What history costs: `gateway import` of IMPORT_ATTEMPTS (1000000) JSON lines of IMPORT_USERS (20000) users, what-if
# over them, and the aggregate that a what-if runs, with the memory that it takes. Sourced by bench.sh.

IMPORT_ATTEMPTS=${IMPORT_ATTEMPTS:-1000000}
IMPORT_USERS=${IMPORT_USERS:-20000}
HISTORY=$ROOT/tests/bench/history

bench_history() {
  step "Build the gateway as it is shipped" gateway_build_release
  step "Start a cluster for history" start_bench_cluster
  step "Create $IMPORT_USERS users and a file of $IMPORT_ATTEMPTS attempts" create_history
  printf '\n%s\n' "$(machine)"
  measure_import "import"
  rm "$BENCH/attempts.jsonl.cursor"
  measure_import "import of what is known"
  measure_what_if
  measure_replay
  remove_bench_cluster
}

gateway_build_release() { cargo build --release --package gateway; }

create_history() {
  local password
  password=$(random_secret)
  sql_in "$DATA" postgres <<<"create database history template template0"
  sql_in "$DATA" history --set users="$IMPORT_USERS" --set password="$password" --file "$HISTORY/world.sql" >/dev/null
  remember_password "$DATA.pgpass" authn_gateway "$password"
  sql_in "$DATA" history --set attempts="$IMPORT_ATTEMPTS" --file "$HISTORY/attempts.sql" >"$BENCH/attempts.jsonl"
}

# measure_import <what>: lines per second, and the CPU time of the server and of the command for each.
measure_import() {
  local tenant password before began took TIMEFORMAT='%U %S'
  tenant=$(sql_in "$DATA" history <<<"select tenant_id from authn_data.tenants")
  password=$(sed -n 's/.*:authn_gateway://p' "$DATA.pgpass")
  before=$(children_ticks)
  began=$EPOCHREALTIME
  {
    time DATABASE_URL="postgres://authn_gateway:$password@127.0.0.1:$(cluster_port "$DATA")/history" \
      "$(target_directory)/release/gateway" import "$BENCH/attempts.jsonl" --format jsonl --tenant "$tenant" \
      >"$BENCH/imported" 2>"$BENCH/progress"
  } 2>"$BENCH/time" || die "$(cat "$BENCH/progress")"
  took=$(seconds_since "$began")
  awk -v what="$1" -v lines="$IMPORT_ATTEMPTS" -v took="$took" -v ticks="$(($(children_ticks) - before))" \
    -v hertz="$(getconf CLK_TCK)" '{
    printf "%s, %d lines of JSON: %.0f lines/s; of each %.1f us of CPU in the server and %.1f us in the command\n",
      what, lines, lines / took, ticks * 1000000 / hertz / lines, ($1 + $2) * 1000000 / lines
  }' "$BENCH/time"
}

# Reading, sorting and replaying what was imported, on one core.
measure_what_if() {
  local round tenant
  tenant=$(sql_in "$DATA" history <<<"select tenant_id from authn_data.tenants")
  for ((round = 1; round <= ROUNDS; round++)); do
    milliseconds history "select authn.summarize_lockout_simulation('$tenant', 'password', '[{\"failures\": 5, \"duration\": \"15 minutes\"}]',
      interval '15 minutes')" >>"$BENCH/what-if"
  done
  awk -v attempts="$IMPORT_ATTEMPTS" -v took="$(median <"$BENCH/what-if")" 'BEGIN {
    printf "what-if over a tenant, %d attempts read, sorted and replayed: %.1f s\n", attempts, took / 1000
  }'
}

# The aggregate alone, with the making of the rows that it reads.
measure_replay() {
  local attempts round
  for attempts in 1000000 4000000; do
    rm -f "$BENCH/replay"
    for ((round = 1; round <= ROUNDS; round++)); do
      milliseconds history "$(replay "$attempts")" >>"$BENCH/replay"
    done
    awk -v attempts="$attempts" -v took="$(median <"$BENCH/replay")" -v peak="$(peak_kilobytes "$(replay "$attempts")")" 'BEGIN {
      printf "replay of %d attempts: %.1f million/s on one core, %.1f MB at most\n", attempts, attempts / took / 1000, peak / 1024
    }'
  done
}

replay() {
  say "select (authn._replay(at, n % 13 = 0, '{5}', array[interval '15 minutes'], interval '15 minutes', false, 100, now())).attempts
    from (select n, timestamptz '2026-01-01' + n * interval '1 minute' as at from generate_series(1, $1) n) r"
}

# How far a query raises the most memory that its server process has ever had.
peak_kilobytes() {
  local peak="substring(pg_read_file('/proc/self/status') from 'VmPeak:\s+(\d+)')::bigint"
  printf 'set jit = off;\nset max_parallel_workers_per_gather = 0;\n%s limit 0;\nselect %s as before \\gset\n%s \\g /dev/null\nselect %s - :before;\n' \
    "$1" "$peak" "$1" "$peak" | sql_in "$DATA" history | tail -n 1
}
