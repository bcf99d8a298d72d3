# shellcheck shell=bash
# The Authenticators screen of a user with 12 authenticators in 3 apps, as the portal asks for it, through the gateway;
# beside the same SQL in pgbench, the same SQL's JSON over HTTP without GraphQL (the floor), and PostGraphile over the
# same views with the same roles and claims. Sourced by bench.sh. GRAPH_CLIENTS (16): clients at saturation;
# GRAPH_POOL (4): connections of each to the server; WARM_UP (10): seconds of load before the first round.

GRAPH_CLIENTS=${GRAPH_CLIENTS:-16}
GRAPH_POOL=${GRAPH_POOL:-4}
WARM_UP=${WARM_UP:-10}
GRAPH=$ROOT/tests/bench/graph
POSTGRAPHILE=$RUN/postgraphile
SERVED=(gateway floor postgraphile)
# Of what is served, by its name: its process, and where it listens.
declare -A SERVER=() ADDRESS=()

bench_graph() {
  # Node.js of the age that PostGraphile wants.
  need_node 22
  cmp -s "$GRAPH/postgraphile/package-lock.json" "$POSTGRAPHILE/package-lock.json" ||
    step "Install PostGraphile" install_postgraphile
  step "Build the gateway as it is shipped" gateway_build_release
  step "Build what puts load on it, and the floor" bench_tool_build
  BENCH_TOOL=$(target_directory)/release/authn_bench
  # The compiler of queries is off for all: with it a screen takes seconds.
  step "Start a cluster for the graph" start_bench_cluster jit=off shared_preload_libraries=pg_stat_statements \
    pg_stat_statements.track_utility=off logging_collector=on log_destination=jsonlog log_filename=server.log
  step "Create two hundred users" create_users
  serve_all
  "$BENCH_TOOL" compare --gateway "${ADDRESS[gateway]}" --floor "${ADDRESS[floor]}" \
    --postgraphile "${ADDRESS[postgraphile]}" >"$BENCH/compared"
  introduce_graph
  measure_graph
  report_graph
  stop_served
  remove_bench_cluster
}

# Outside the sources, as the audit is. The lock file comes last: until then there is nothing.
install_postgraphile() {
  rm -rf "$POSTGRAPHILE"
  mkdir -p "$POSTGRAPHILE/new"
  cp "$GRAPH/postgraphile/package.json" "$GRAPH/postgraphile/package-lock.json" "$POSTGRAPHILE/new"
  (cd "$POSTGRAPHILE/new" && npm ci --ignore-scripts --no-audit --no-fund)
  mv "$POSTGRAPHILE"/new/{node_modules,package.json,package-lock.json} "$POSTGRAPHILE/"
  rm -rf "$POSTGRAPHILE/new"
}

bench_tool_build() { cargo build --release --package authn_bench; }

create_users() {
  local password
  password=$(random_secret)
  sql_in "$DATA" postgres <<<"create database graph template template0"
  sql_in "$DATA" graph --set password="$password" --file "$GRAPH/world.sql" >/dev/null
  remember_password "$DATA.pgpass" authn_gateway "$password"
}

# All are there from the beginning to the end, each idle while the others are measured.
serve_all() {
  local tenant log=$DATA/log/server.json
  DATABASE_URL=postgres://authn_gateway:$(sed -n 's/.*:authn_gateway://p' "$DATA.pgpass")@127.0.0.1:$(cluster_port "$DATA")/graph
  JWT_SECRET=$(random_secret)
  export DATABASE_URL JWT_SECRET
  ADDRESS[gateway]=127.0.0.1:$(free_port)
  DOCUMENTS=trusted AD_HOC_ROLES=support POOL_SIZE=$GRAPH_POOL LISTEN=${ADDRESS[gateway]} \
    serve gateway "$(target_directory)/release/gateway" serve
  tenant=$(sql_in "$DATA" graph <<<"select tenant_id from authn.tenants")
  TOKEN=$("$(target_directory)/release/gateway" token --tenant "$tenant" --role support)
  export TOKEN
  sql_in "$DATA" graph <<<"alter system set log_statement = 'all'; select pg_reload_conf()" >/dev/null
  "$BENCH_TOOL" record --gateway "${ADDRESS[gateway]}" --log "$log" >"$BENCH/sent.json"
  sql_in "$DATA" graph <<<"alter system reset log_statement; select pg_reload_conf()" >/dev/null
  "$BENCH_TOOL" script --recorded "$BENCH/sent.json" >"$BENCH/screen.sql"
  ADDRESS[floor]=127.0.0.1:$(free_port)
  serve floor "$BENCH_TOOL" floor --recorded "$BENCH/sent.json" --pool-size "$GRAPH_POOL" --listen "${ADDRESS[floor]}"
  ADDRESS[postgraphile]=127.0.0.1:$(free_port)
  cp "$GRAPH/postgraphile/server.mjs" "$GRAPH/postgraphile/one_user.graphql" "$POSTGRAPHILE/"
  NODE_ENV=production GRAPHILE_ENV=production LISTEN=${ADDRESS[postgraphile]} POOL_SIZE=$GRAPH_POOL \
    serve postgraphile node "$POSTGRAPHILE/server.mjs"
}

# serve <name> <command>…: in the background, from when it listens on its port on.
serve() {
  local name=$1 tries
  "${@:2}" </dev/null >"$BENCH/$name.log" 2>&1 &
  SERVER[$name]=$!
  for ((tries = 0; tries < 600; tries++)); do
    [ -z "$(port_inodes 127.0.0.1 "${ADDRESS[$name]##*:}")" ] || return 0
    kill -0 "${SERVER[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  die "$name does not listen: $(tail -n 20 "$BENCH/$name.log")"
}

stop_served() {
  local name
  for name in "${!SERVER[@]}"; do
    kill -KILL "${SERVER[$name]}" 2>/dev/null || true
    wait "${SERVER[$name]}" 2>/dev/null || true
  done
  SERVER=()
}

introduce_graph() {
  cat <<TEXT

$(machine), load as well; median of $ROUNDS rounds of $SECONDS_EACH s and $SECONDS_EACH s, the four in turns.
All answer $(cat "$BENCH/compared").
TEXT
}

measure_graph() {
  local round name
  rm -rf "$BENCH/results"
  mkdir -p "$BENCH/results"
  for name in "${SERVED[@]}"; do
    put_load_on "$name" "$WARM_UP" >/dev/null
  done
  for ((round = 1; round <= ROUNDS; round++)); do
    for name in "${SERVED[@]}"; do
      measure_served "$name"
    done
    measure_pgbench
    keep_ratios
  done
}

# put_load_on <name> <seconds> [requests per second]
put_load_on() {
  "$BENCH_TOOL" load --subject "$1" --address "${ADDRESS[$1]}" --clients "$GRAPH_CLIENTS" --seconds "$2" ${3:+--rate "$3"}
}

# At saturation, and at half of that.
measure_served() {
  local name=$1 rate answers p50 p99 server database
  server=$(server_ticks "$name")
  database=$(cluster_ticks)
  read -r rate _ _ answers < <(put_load_on "$name" "$SECONDS_EACH")
  server=$(microseconds $(($(server_ticks "$name") - server)) "$answers")
  database=$(microseconds $(($(cluster_ticks) - database)) "$answers")
  read -r _ p50 p99 _ < <(put_load_on "$name" "$SECONDS_EACH" "$(awk -v rate="$rate" 'BEGIN { print rate / 2 }')")
  keep "$name" rate "$rate"
  keep "$name" server "$server"
  keep "$name" database "$database"
  keep "$name" together "$(awk -v one="$server" -v other="$database" 'BEGIN { print one + other }')"
  keep "$name" p50 "$p50"
  keep "$name" p99 "$p99"
  keep "$name" tail "$(ratio "$p99" "$p50")"
}

measure_pgbench() {
  local rate cpu
  read -r rate cpu _ < <(pgbench_in graph "" "$GRAPH_POOL" "$BENCH/screen.sql" --username authn_gateway \
    --protocol simple --define prepared=0)
  keep pgbench rate "$rate"
  keep pgbench database "$cpu"
}

# Those of one round, which had the same machine.
keep_ratios() {
  keep ratio together_of_postgraphile "$(ratio "$(last gateway together)" "$(last postgraphile together)")"
  keep ratio server_of_postgraphile "$(ratio "$(last gateway server)" "$(last postgraphile server)")"
  keep ratio together_of_floor "$(ratio "$(last gateway together)" "$(last floor together)")"
}

keep() { say "$3" >>"$BENCH/results/$1.$2"; }
last() { tail -n 1 "$BENCH/results/$1.$2"; }
middle() { median <"$BENCH/results/$1.$2"; }
ratio() { awk -v one="$1" -v other="$2" 'BEGIN { printf "%.3f\n", one / other }'; }
microseconds() { awk -v ticks="$1" -v hertz="$(getconf CLK_TCK)" -v requests="$2" 'BEGIN { printf "%.0f\n", ticks * 1000000 / hertz / requests }'; }

# The CPU time of a server, all its threads.
server_ticks() { sed 's/.*) //' "/proc/${SERVER[$1]}/stat" | awk '{ print $12 + $13 }'; }

# The CPU time of the cluster: of its processes, and of those that have ended.
cluster_ticks() {
  # A process may end between the listing and the look at it.
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v cluster="$(cluster_pid "$DATA")" '
    { process = $1; sub(/.*\) /, "") }
    process == cluster { ticks += $12 + $13 + $14 + $15 }
    $2 == cluster { ticks += $12 + $13 }
    END { print ticks }'
}

resident_megabytes() { awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/${SERVER[$1]}/status"; }

report_graph() {
  local name
  say
  say "| | requests/s | p50, p99 at half of that, ms | CPU of the server, µs | of PostgreSQL, µs | together, µs | resident, MB |"
  say "|---|---|---|---|---|---|---|"
  for name in "${SERVED[@]}"; do
    say "| $(called "$name") | $(middle "$name" rate) | $(middle "$name" p50), $(middle "$name" p99) |" \
      "$(middle "$name" server) | $(middle "$name" database) | $(middle "$name" together) | $(resident_megabytes "$name") |"
  done
  say "| the SQL, in pgbench | $(middle pgbench rate) | | | $(middle pgbench database) | | |"
  say
  target "CPU of a request, server and PostgreSQL, of PostGraphile's" "$(middle ratio together_of_postgraphile)" 0.167
  target "CPU of the gateway, of PostGraphile's server" "$(middle ratio server_of_postgraphile)" 0.125
  target "CPU of a request, server and PostgreSQL, of the floor's" "$(middle ratio together_of_floor)" 1.6
  target "resident memory of the gateway, MB" "$(resident_megabytes gateway)" 30
  target "p99 of p50 at half load" "$(middle gateway tail)" 4
  page_of_users
}

called() {
  case $1 in
    gateway) say "the gateway" ;;
    floor) say "the floor: the SQL's JSON over HTTP" ;;
    postgraphile) say "PostGraphile $(node -p "require('$POSTGRAPHILE/node_modules/postgraphile/package.json').version")" ;;
  esac
}

# target <what> <measured> <at most>
target() {
  awk -v what="$1" -v measured="$2" -v most="$3" 'BEGIN {
    printf "%s: %s, at most %s wanted: %s\n", what, measured, most, measured <= most ? "met" : "MISSED"
  }'
}

page_of_users() {
  local page statements
  sql_in "$DATA" graph <<<"select pg_stat_statements_reset()" >/dev/null
  page=$("$BENCH_TOOL" page --gateway "${ADDRESS[gateway]}")
  statements=$(sql_in "$DATA" graph <<<"select sum(calls) from pg_stat_statements where query like '%authn.%'")
  target "statements for a page of ${page% *} users with their ${page#* } authenticators, the one with the settings included" \
    "$statements" 2
}
