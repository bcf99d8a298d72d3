# shellcheck shell=bash
# What an attempt costs, next to the least that PostgreSQL can do for it: one prepared transaction that updates a
# row and inserts another, on the same cluster, in turns. Sourced by bench.sh. CLIENTS ("1 8 32").

CLIENTS=${CLIENTS:-1 8 32}
SUBJECTS=(succeeded failed refused reserved hot)
SCRIPTS=$ROOT/tests/bench/attempts
RATIOS=$BENCH/ratios

bench_attempts() {
  local tenant hot durable clients
  step "Start a cluster for attempts" start_bench_cluster
  step "Create a thousand users" create_world
  tenant=$(sql_in "$DATA" attempts <<<"select tenant_id from authn.tenants")
  hot=$(sql_in "$DATA" attempts <<<"select authenticator_id from authn_data.authenticators where method = 'sms_otp'")
  introduce
  rm -f "$RATIOS"
  for durable in off on; do
    for clients in $CLIENTS; do
      measure "$durable" "$clients" "$tenant" "$hot"
    done
  done
  plot_ratios
  remove_bench_cluster
}

create_world() {
  sql_in "$DATA" postgres <<<"create database attempts template template0"
  sql_in "$DATA" attempts --file "$SCRIPTS/world.sql" >/dev/null
}

introduce() {
  cat <<TEXT

$(machine), median of $ROUNDS rounds of $SECONDS_EACH s, the floor and each subject in turns.
  floor      begin; update a row; insert a row; end (prepared, four round trips)
  succeeded  record_attempt with the right secret, 1,000 users
  failed     record_attempt, 19 in 20 wrong, 1,000 users
  refused    record_attempt on a locked authenticator
  reserved   begin_attempt and complete_attempt, two transactions
  hot        record_attempt on one SMS code through three apps, every other one wrong
"CPU" is what the server processes spend on a transaction.

TEXT
}

# Of the floor, by clients: the bars are durable, the line is not.
plot_ratios() {
  local clients
  for clients in $CLIENTS; do
    { sed -n "s/^on $clients /bar /p" "$RATIOS"; sed -n "s/^off $clients /line /p" "$RATIOS"; } |
      plot "$clients client(s): transactions a second, of the floor's; bars durable, line not" ratio "right|wrong|refused|reserved|one code"
  done
}

measure() {
  local durable=$1 clients=$2 tenant=$3 hot=$4 round subject tps cpu floor options results=$BENCH/results
  rm -rf "$results"
  mkdir -p "$results"
  for ((round = 1; round <= ROUNDS; round++)); do
    for subject in floor "${SUBJECTS[@]}"; do
      options="-c synchronous_commit=$durable"
      [ "$subject" = floor ] || options+=" -c role=authn_service -c authn.tenant=$tenant -c authn.actor=bench"
      read -r tps cpu _ < <(pgbench_in attempts "$options" "$clients" "$SCRIPTS/$subject.sql" --define "hot=$hot")
      [ "$subject" != floor ] || floor=$tps
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
  say "$durable $clients$(for subject in "${SUBJECTS[@]}"; do printf ' %.2f' "$(median <"$results/$subject.ratio")"; done)" >>"$RATIOS"
}
