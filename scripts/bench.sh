#!/usr/bin/env bash
# make bench: what is measured, on clusters of their own that are gone afterwards. Absolute numbers belong to the
# machine; the ratios belong to us. B selects one part: attempts, graph, history, scale or soak. Each part's file says what it
# measures and has its settings; all have ROUNDS (3) and SECONDS_EACH (3).
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
ROUNDS=${ROUNDS:-3}
SECONDS_EACH=${SECONDS_EACH:-3}
B=${B:-}

# shellcheck source=scripts/bench/plot.sh
. "$HERE/bench/plot.sh"
# shellcheck source=scripts/bench/attempts.sh
. "$HERE/bench/attempts.sh"
# shellcheck source=scripts/bench/graph.sh
. "$HERE/bench/graph.sh"
# shellcheck source=scripts/bench/history.sh
. "$HERE/bench/history.sh"
# shellcheck source=scripts/bench/scale.sh
. "$HERE/bench/scale.sh"
# shellcheck source=scripts/bench/soak.sh
. "$HERE/bench/soak.sh"

main() {
  [[ $B =~ ^(|attempts|graph|history|scale|soak)$ ]] || die "B selects one part: attempts, graph, history, scale or soak, not \"$B\"."
  lock
  need_disk
  need_packages "${BUILD_PACKAGES[@]}"
  need_rust
  need_cargo_pgrx
  find_server_user
  installation_refresh
  step "Build the extension as it is shipped and install it into .run" extension_install --release
  unlock
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # What an earlier run left when it was killed.
  clean_up
  mkdir -p "$BENCH"
  ! wanted attempts || bench_attempts
  ! wanted graph || bench_graph
  ! wanted history || bench_history
  ! wanted scale || bench_scale
  ! wanted soak || bench_soak
}

wanted() { [ -z "$B" ] || [ "$B" = "$1" ]; }

# start_bench_cluster [server option]…
start_bench_cluster() {
  local password
  password=$(random_secret)
  cluster_create "$DATA" "$password"
  remember_password "$DATA.pgpass" "$ADMINISTRATOR" "$password"
  cluster_start "$DATA" "$(free_port)" shared_buffers=512MB max_wal_size=4GB "$@"
}

remove_bench_cluster() {
  cluster_stop "$DATA"
  rm -rf "$DATA" "$DATA.pgpass"
}

# pgbench_in <database> <options of the session> <clients> <file> [pgbench argument]…: transactions per second, CPU
# microseconds of the server for each, milliseconds that each takes.
pgbench_in() {
  local database=$1 options=$2 clients=$3 file=$4 before after output
  before=$(children_ticks)
  output=$(PGPASSFILE=$DATA.pgpass PGOPTIONS=$options "$PG_BIN/pgbench" --host 127.0.0.1 --port "$(cluster_port "$DATA")" \
    --username "$ADMINISTRATOR" --no-vacuum --protocol prepared --client "$clients" --jobs 2 --time "$SECONDS_EACH" \
    --file "$file" "${@:5}" "$database" 2>&1) || die "$output"
  after=$(children_ticks)
  awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" '
    /^number of transactions actually processed/ { transactions = $NF }
    /^latency average/ { latency = $4 }
    /^tps/ { tps = $3 }
    END { printf "%.0f %.0f %.3f\n", tps, ticks * 1000000 / hertz / transactions, latency }' <<<"$output"
}

# The CPU time of the server processes that have ended, which those of a pgbench run have by its end.
children_ticks() {
  local stat
  stat=$(sed 's/.*) //' "/proc/$(cluster_pid "$DATA")/stat")
  awk '{ print $14 + $15 }' <<<"$stat"
}

# milliseconds <database> <query> [setting]…: how long it takes, on one core.
milliseconds() {
  printf 'set jit = off;\nset max_parallel_workers_per_gather = 0;\n\\timing on\n%s;\n' "$2" |
    sql_in "$DATA" "$1" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -n 1
}

median() { sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

machine() { say "$("$PG_BIN/postgres" --version), $(nproc) cores, client and server on the same machine"; }

clean_up() {
  stop_served
  cluster_stop "$DATA"
  rm -rf "$BENCH"
}

cd "$ROOT"
main
