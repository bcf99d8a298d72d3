#!/usr/bin/env bash
# make bench: what recording an attempt costs, next to the least that PostgreSQL can do for it: one prepared
# transaction that updates a row and inserts another, on the same cluster, in turns. Absolute numbers belong
# to the machine; the ratio belongs to us.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"

DATA=$RUN/data
DATABASE=authn_bench
ROWS=1000
ROUNDS=${ROUNDS:-3}
SECONDS_EACH=${SECONDS_EACH:-4}

main() {
  cluster_pid "$DATA" >/dev/null || die "The private cluster is not running; \`make run\` starts it."
  WORK=$(mktemp -d "$RUN/bench.XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT
  write_scripts
  step "Create $ROWS users in the database $DATABASE" create_world
  for clients in 1 8; do
    measure "$clients"
  done
  measure_replay
}

write_scripts() {
  cat >"$WORK/floor.sql" <<SQL
\\set n random(1, $ROWS)
begin;
update floor_counter set failures = failures + 1, last_at = clock_timestamp() where n = :n;
insert into floor_event values (:n, clock_timestamp(), gen_random_uuid());
end;
SQL
  # The one-row look-up of the ids is ours to pay: a caller has them at hand.
  cat >"$WORK/succeeded.sql" <<SQL
\\set n random(1, $ROWS)
select r.outcome from target t, lateral authn.record_attempt(t.user_id, t.authenticator_id, t.app_id, true) r where t.n = :n;
SQL
  sed 's/, true)/, false)/' "$WORK/succeeded.sql" >"$WORK/failed.sql"
}

create_world() {
  sql_in "$DATA" postgres <<<"drop database if exists $DATABASE"
  sql_in "$DATA" postgres <<<"create database $DATABASE template template0"
  sql_in "$DATA" "$DATABASE" >/dev/null <<SQL
set client_min_messages = warning;
create extension pg_authn;
select authn.migrate();
create table floor_counter (n int primary key, failures bigint not null default 0, last_at timestamptz) with (fillfactor = 80);
create table floor_event (n int, at timestamptz, id uuid, primary key (n, at, id));
insert into floor_counter select generate_series(1, $ROWS);
create table target (n int primary key, user_id uuid, authenticator_id uuid, app_id uuid);
select authn.create_tenant('Bench') as tenant \\gset
select authn.create_app(:'tenant', 'App') as app \\gset
-- Far from a lock, so that every failure is recorded and none is refused.
select authn.set_lockout_policy(:'tenant', 'password', '[{"failures": 100, "duration": "1 second"}]');
insert into target
select n, u.id, authn.register_authenticator(u.id, 'password', :'app'), :'app'
from generate_series(1, $ROWS) n, lateral (select authn.create_user(:'tenant', format('u%s@example.com', n))) u (id);
vacuum analyze;
SQL
}

# transactions_per_second <script> <clients>
transactions_per_second() {
  PGPASSFILE=$DATA.pgpass "$PG_BIN/pgbench" --host 127.0.0.1 --port "$(cluster_port "$DATA")" --username "$ADMINISTRATOR" \
    --no-vacuum --protocol prepared --client "$2" --jobs 2 --time "$SECONDS_EACH" \
    --file "$WORK/$1.sql" "$DATABASE" 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

median() { sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# The three in turns, so that whatever else the machine does falls on all of them.
measure() {
  local clients=$1 round what
  for ((round = 1; round <= ROUNDS; round++)); do
    for what in floor succeeded failed; do
      transactions_per_second "$what" "$clients" >>"$WORK/$what.$clients"
    done
    for what in succeeded failed; do
      awk -v floor="$(tail -n 1 "$WORK/floor.$clients")" '{ last = $1 } END { print last / floor }' \
        "$WORK/$what.$clients" >>"$WORK/$what.$clients.ratio"
    done
  done
  printf '%s client(s), median of %s rounds of %s s\n' "$clients" "$ROUNDS" "$SECONDS_EACH"
  printf '  %-34s %8.0f/s\n' 'begin; update; insert; end' "$(median <"$WORK/floor.$clients")"
  for what in succeeded failed; do
    printf '  %-34s %8.0f/s  %.2f of it\n' "record_attempt, $what" \
      "$(median <"$WORK/$what.$clients")" "$(median <"$WORK/$what.$clients.ratio")"
  done
}

# The aggregate that a what-if runs over attempts, on one core; what making the rows costs is measured apart.
measure_replay() {
  local attempts=4000000 round rows="(select n, timestamptz '2026-01-01' + n * interval '1 minute' as at from generate_series(1, 4000000) n) r"
  for ((round = 1; round <= ROUNDS; round++)); do
    milliseconds "select count(at) from $rows" >>"$WORK/rows"
    milliseconds "select (authn._replay(at, n % 13 = 0, '{5}', array[interval '15 minutes'], interval '15 minutes', false, 100, now())).attempts from $rows" >>"$WORK/replay"
  done
  printf 'what-if, median of %s rounds of %s attempts\n' "$ROUNDS" "$attempts"
  awk -v attempts="$attempts" -v rows="$(median <"$WORK/rows")" -v replay="$(median <"$WORK/replay")" 'BEGIN {
    printf "  %-34s %8.0f/s  %.0f/s with the rows it reads\n", "authn._replay", attempts * 1000 / (replay - rows), attempts * 1000 / replay
  }'
}

# milliseconds <query>
milliseconds() {
  printf 'set jit = off;\nset max_parallel_workers_per_gather = 0;\n\\timing on\n%s;\n' "$1" |
    sql_in "$DATA" "$DATABASE" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -n 1
}

clean_up() {
  rm -rf "$WORK"
  ! cluster_pid "$DATA" >/dev/null || sql_in "$DATA" postgres <<<"drop database if exists $DATABASE with (force)"
}

main
