# shellcheck shell=bash
# The same measures in tenants of SIZES users ("10000 1000000 10000000"), each with about three authenticators, its
# months of events and the same thousand locks, in one report. A size for which there is no room on the disk is left
# out, and said to be. Sourced by bench.sh. LOADERS (2): connections that load; ATTEMPTS (2): how often each authenticator
# was used, on average; BYTES_PER_USER (8000): on the disk, the tables, their hand-written counterpart and the log of the
# server; WARM_UP (10): seconds before what is measured, six times that beyond a million users, whose pages are not at hand
# after one look at each.

SIZES=${SIZES:-10000 1000000 10000000}
LOADERS=${LOADERS:-2}
SCALE=$ROOT/tests/bench/scale
REPORT=$BENCH/scale.report
ATTEMPTS=${ATTEMPTS:-2}
BYTES_PER_USER=${BYTES_PER_USER:-8000}
WARM_UP=${WARM_UP:-10}

bench_scale() {
  local size
  step "Build the loader" loader_build
  step "Start a cluster for tenants of all sizes" start_bench_cluster max_wal_size=2GB checkpoint_timeout=1h \
    maintenance_work_mem=512MB shared_buffers="$(quarter_of_memory)" shared_preload_libraries=pg_stat_statements pg_stat_statements.track=top
  mkdir -p "$BENCH"
  : >"$REPORT"
  for size in $SIZES; do
    if has_room "$size"; then
      step "Load $size users" load_tenant "$size"
      measure_size "$size"
      sql_in "$DATA" postgres <<<"drop database scale"
    else
      say "LEFT OUT: $size users need about $((size * BYTES_PER_USER >> 30)) GiB, and there is less on this disk."
    fi
  done
  report
  remove_bench_cluster
}

# What PostgreSQL's manual begins with.
quarter_of_memory() { awk '/^MemTotal:/ { printf "%dMB", $2 / 4096 }' /proc/meminfo; }

loader_build() { cargo build --release --package authn_load; }

has_room() {
  [ "$(df --output=avail -B1 "$ROOT" | tail -n 1)" -gt $(($1 * BYTES_PER_USER + (1 << 30))) ]
}

# The loader wants the disk and the cores for itself; autovacuum has nothing to do before it is done.
load_tenant() {
  sql_in "$DATA" postgres <<<"create database scale template template0"
  sql_in "$DATA" scale <<<"set client_min_messages = warning;
    create extension pg_stat_statements;
    create extension pg_authn;
    select authn.migrate();
    alter system set autovacuum = off;
    select pg_reload_conf();" >/dev/null
  DATABASE_URL="postgres://$ADMINISTRATOR:$(sed "s/.*://" "$DATA.pgpass")@127.0.0.1:$(cluster_port "$DATA")/scale" \
    "$(target_directory)/release/authn_load" --users "$1" --locked 1000 --attempts "$ATTEMPTS" --connections "$LOADERS" | tee "$BENCH/loaded"
  sed -n 's/.*: \([0-9]*\) authenticators.s;.*/load - - \1 -/p' "$BENCH/loaded" | record "$1"
  sql_in "$DATA" scale --file "$SCALE/samples.sql" >/dev/null
  sql_in "$DATA" scale <<<"alter system reset autovacuum; select pg_reload_conf(); checkpoint;" >/dev/null
}

# record <size>: lines of "measure milliseconds CPU-microseconds per-second buffers" from standard input.
record() { sed "s/^/$1 /" >>"$REPORT"; }

measure_size() {
  local size=$1 measure role
  for measure in screen:authn_support attempt:authn_service unlock:none locked_page:authn_support \
    locked_count:authn_support email:authn_admin; do
    role=${measure#*:}
    measure_transactions "${measure%:*}" "$role" "$((size > 1000000 ? WARM_UP * 6 : WARM_UP))" | record "$size"
  done
  measure_pair roll_up "select a.status, count(*) from authn.authenticators a group by 1" \
    "select r.least, r.greatest, count(*)
     from (
         select min(c.method) as least, max(c.method) as greatest
         from authn_data.contexts c
         group by c.user_id, c.authenticator_id
     ) r
     group by 1, 2" | record "$size"
  measure_pair contexts "select c.status, count(*) from authn.contexts c group by 1" \
    "select c.method, count(*) from authn_data.contexts c where c.app_id is not null group by 1" | record "$size"
  measure_storage "$size" | record "$size"
}

# measure_transactions <script> <role> <seconds of warm-up>: the median of the rounds at one client, cache-warm.
measure_transactions() {
  local script=$1 options="-c synchronous_commit=off -c authn.actor=bench" tenant tps cpu latency round rounds=$BENCH/rounds
  if [ "$2" != none ]; then
    tenant=$(sql_in "$DATA" scale <<<"select tenant_id from authn_data.tenants")
    options+=" -c role=$2 -c authn.tenant=$tenant"
  fi
  rm -rf "$rounds"
  mkdir -p "$rounds"
  SECONDS_EACH=$3 pgbench_in scale "$options" 1 "$SCALE/$script.sql" >/dev/null
  sql_in "$DATA" scale <<<"select pg_stat_statements_reset()" >/dev/null
  for ((round = 1; round <= ROUNDS; round++)); do
    read -r tps cpu latency < <(pgbench_in scale "$options" 1 "$SCALE/$script.sql")
    say "$tps" >>"$rounds/tps"
    say "$cpu" >>"$rounds/cpu"
    say "$latency" >>"$rounds/latency"
  done
  say "$script $(median <"$rounds/latency") $(median <"$rounds/cpu") $(median <"$rounds/tps") $(buffers)"
}

# Buffers that one transaction touched: of what it asked besides whom to ask for.
buffers() {
  sql_in "$DATA" scale <<<"select round(sum((s.shared_blks_hit + s.shared_blks_read)::numeric / s.calls), 1)
    from pg_stat_statements s
    where s.dbid = (select d.oid from pg_database d where d.datname = 'scale') and s.query like '%authn.%'"
}

# measure_pair <name> <query> <bare query>: the medians of the rounds, the two in turns. The bare one groups the same
# rows of the same table as often, by a column that stands in it and with nothing over it.
measure_pair() {
  local round query times=$BENCH/times bare=$BENCH/bare
  : >"$times"
  : >"$bare"
  for query in "$2" "$3"; do milliseconds scale "$query" >/dev/null; done
  for ((round = 1; round <= ROUNDS; round++)); do
    milliseconds scale "$2" >>"$times"
    milliseconds scale "$3" >>"$bare"
  done
  say "$1 $(median <"$times") - - -"
  say "$1_bare $(median <"$bare") - - -"
}

# Bytes for a user, and of the same facts in tables that somebody would write by hand: with a key alone, and with what
# keeps them right and leads to them.
measure_storage() {
  local users=$1 ours by_hand
  ours=$(sql_in "$DATA" scale <<<"select sum(pg_total_relation_size(c.oid))
    from pg_class c where c.relnamespace = 'authn_data'::regnamespace and c.relkind = 'r'")
  by_hand=$(sql_in "$DATA" scale --file "$SCALE/minimal.sql")
  printf '%s %s - - -\n' storage $((ours / users)) storage_by_hand $((${by_hand#*|} / users)) \
    storage_minimal $((${by_hand%|*} / users))
}

report() {
  cat <<TEXT

$(machine), shared_buffers $(quarter_of_memory), one client, median of $ROUNDS rounds of $SECONDS_EACH s, cache-warm, not durable.
TEXT
  awk '
    BEGIN {
      split("load screen attempt unlock locked_page locked_count email roll_up roll_up_bare contexts contexts_bare storage storage_by_hand storage_minimal", order)
      what["load"] = "loader, authenticators/s with indexes"
      what["screen"] = "the Authenticators screen of a user, ms"
      what["attempt"] = "record_attempt, ms"
      what["unlock"] = "a wrong attempt and its unlock, ms"
      what["locked_page"] = "who is locked now, first 50, ms"
      what["locked_count"] = "who is locked now, count, ms"
      what["email"] = "users by the beginning of an email, ms"
      what["roll_up"] = "roll-up of every authenticator, ms"
      what["roll_up_bare"] = "bare scan and group of the contexts by authenticator, ms"
      what["contexts"] = "every context by status, ms"
      what["contexts_bare"] = "bare scan and group of the contexts, ms"
      what["storage"] = "storage, bytes for a user"
      what["storage_by_hand"] = "the same facts in tables written by hand, bytes for a user"
      what["storage_minimal"] = "the same with no index but the key, bytes for a user"
    }
    !seen[$1]++ { sizes[++count] = $1 }
    { value[$2, $1] = $2 == "load" ? $5 : $3; cpu[$2, $1] = $4; tps[$2, $1] = $5; buffers[$2, $1] = $6 }
    END {
      printf "| users |"; for (i = 1; i <= count; i++) printf " %s |", sizes[i]
      printf " largest to smallest |\n|---|"; for (i = 1; i <= count; i++) printf "---|"
      print "---|"
      for (o = 1; o in order; o++) {
        m = order[o]; printf "| %s |", what[m]
        for (i = 1; i <= count; i++) {
          s = sizes[i]; printf " %s", value[m, s]
          if (cpu[m, s] != "-" && m != "load") printf " (CPU %s µs, %s buffers, %s/s)", cpu[m, s], buffers[m, s], tps[m, s]
          printf " |"
        }
        printf " %.2f |\n", value[m, sizes[count]] / value[m, sizes[1]]
      }
      for (i = 1; i <= count; i++) {
        s = sizes[i]
        printf "%s users: roll-up %.2f and contexts by status %.2f of a bare scan and group, storage %.2f of tables written by hand and %.2f of those with no index but the key\n",
          s, value["roll_up", s] / value["roll_up_bare", s], value["contexts", s] / value["contexts_bare", s],
          value["storage", s] / value["storage_by_hand", s], value["storage", s] / value["storage_minimal", s]
      }
    }' "$REPORT"  plot_report
}

# What a login and a screen take, by the number of users.
plot_report() {
  local sizes
  sizes=$(awk '!seen[$1]++ { printf "%s%s", (NR > 1 ? "|" : ""), $1 }' "$REPORT")
  awk '
    $2 == "screen" || $2 == "attempt" { values[$2] = values[$2] " " $3 }
    END { print "line" values["screen"]; print "line" values["attempt"] }
  ' "$REPORT" | plot "A user's screen, above, and record_attempt, below, by users of the tenant" milliseconds "$sizes"
}
