#!/usr/bin/env bash
# make test: every suite, each runner's own summary at the end, and a failure if one of them failed.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/prerequisites.sh
. "$HERE/prerequisites.sh"
# shellcheck source=scripts/portal.sh
. "$HERE/portal.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"
# shellcheck source=scripts/extension.sh
. "$HERE/extension.sh"

TEST=$RUN/test
DATA=$TEST/data
AUDIT=$RUN/audit
T=${T:-}
SUMMARY=()
FAILED=

main() {
  [[ $T =~ ^(|lint|rules|gateway|sql|system|portal)$ ]] ||
    die "T selects one part: lint, rules, gateway, sql, system or portal, not \"$T\"."
  lock
  exec 8>"$RUN/test.lock"
  flock -n 8 || die "Another \`make test\` is running in this checkout; wait for it to end."
  need_disk
  prepare
  unlock

  if wanted lint; then
    suite "cargo fmt" fmt cargo fmt --all --check
    # Apart from the others, with whom it would be given other features of its dependencies and so compile
    # them all again.
    suite "cargo clippy, extension" clippy_extension cargo clippy --package pg_authn --all-targets -- -D warnings
    suite "cargo clippy, the others" clippy cargo clippy --workspace --exclude pg_authn --all-targets -- -D warnings
    suite "cargo clippy, the gateway with traces" clippy_otel cargo clippy --package gateway --features otel --all-targets -- -D warnings
    suite "pgspot, what installs and migrates" pgspot pgspot_check
    suite "biome, tsc and vitest, the portal" portal portal_check
    suite "biome and tsc, the browser tests" browser_check browser_check
  fi
  ! wanted rules || suite "cargo test, rules" rules cargo test --no-fail-fast --package authn_rules
  if wanted gateway; then
    suite "cargo test, gateway" gateway_tests cargo test --no-fail-fast --package gateway
    suite "cargo test, the gateway with traces" gateway_traces gateway_with_traces
    suite "cargo test, what measures the graph" bench_tests cargo test --no-fail-fast --package authn_bench
  fi
  if wanted sql || wanted system || wanted portal; then
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    start_cluster
    if wanted sql; then
      suite "pg_prove, tests/sql" sql sql_tests
      suite "pg_isolation_regress, tests/isolation" isolation isolation_tests
    fi
    ! wanted system || suite "cargo test, system" system system_tests
    ! wanted portal || suite "playwright, tests/portal" browser browser_tests
  fi
  summarise
}

wanted() { [ -z "$T" ] || [ "$T" = "$1" ]; }

prepare() {
  need_rust fmt clippy
  # The rules are plain Rust and need nothing else.
  [ "$T" != rules ] || return 0
  need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  need_cargo_pgrx
  ! wanted lint || need_pgspot
  find_server_user
  installation_refresh
  cp -Lu /usr/share/postgresql/15/extension/pgtap* "$PG_EXTENSIONS/"
  step "Build the extension and install it into .run" extension_install
  need_portal
  step "Build the gateway" gateway_build
  if wanted system; then
    cmp -s "$ROOT/tests/audit/package-lock.json" "$AUDIT/package-lock.json" || step "Install the audit" install_audit
    cp "$ROOT/tests/audit/audit.mjs" "$AUDIT/"
  fi
  if wanted portal; then
    need_packages "${BROWSER_PACKAGES[@]}"
    npm_present "$BROWSER_TESTS" || step "Install the browser tests' packages" npm_install "$BROWSER_TESTS"
  fi
}

# Outside the sources, and exactly what the lock file names. The lock file comes last: until then there
# is nothing.
install_audit() {
  rm -rf "$AUDIT"
  mkdir -p "$AUDIT/new"
  cp "$ROOT/tests/audit/package.json" "$ROOT/tests/audit/package-lock.json" "$AUDIT/new"
  (cd "$AUDIT/new" && npm ci --ignore-scripts --no-audit --no-fund)
  mv "$AUDIT"/new/{node_modules,package.json,package-lock.json} "$AUDIT/"
  rm -rf "$AUDIT/new"
}

# suite <title> <log> <command> [arguments]
suite() {
  local log=$LOGS/$2.log verdict=ok
  attempt "$@"
  if [ "$STATUS" -ne 0 ]; then
    verdict="FAILED (all of it in $log)"
    FAILED=1
  fi
  SUMMARY+=("$1: $verdict")
  # What the runner says at its end, and what was left out; a test binary without tests says nothing.
  while read -r line; do
    SUMMARY+=("    $line")
  done < <(grep -E '^(SKIPPED: |test result: |Files=|Result: | +Tests +[0-9]| +[0-9]+ (passed|failed|skipped)| All [0-9]+ tests passed| [0-9]+ of [0-9]+ tests| +[0-9]+ (passed|failed|flaky|skipped|interrupted|did not run))' "$log" | grep -v ' 0 passed; 0 failed; 0 ignored')
}

# What a superuser runs, and what authn.migrate() runs, must mean what it says in anybody's database.
pgspot_check() {
  local version
  version=$(cd "$ROOT" && cargo pkgid --package pg_authn | sed 's/.*[#@]//')
  "$RUN/pgspot/bin/python" "$ROOT/tests/pgspot/check.py" "$PG_EXTENSIONS/pg_authn--$version.sql"
}

# Leaves the gateway without traces where the other parts look for it.
gateway_with_traces() {
  cargo test --package gateway --features otel --test traces
  gateway_build
}

# A cluster that is never the one of `make run`: other port, other data, gone afterwards.
start_cluster() {
  # What an earlier run left when it was killed.
  clean_up
  mkdir -p "$TEST"
  find_server_user
  step "Start the test cluster" create_and_start
  step "Create the template of the test databases" create_template
}

create_and_start() {
  local password tries
  password=$(random_secret)
  cluster_create "$DATA" "$password"
  remember_password "$DATA.pgpass" "$ADMINISTRATOR" "$password"
  # Between the choice of a port and its use somebody else may take it. No fsync: a crash of the machine
  # is no test here, and that of a server process loses nothing of what the kernel has.
  for tries in 1 2 3; do
    ! cluster_start "$DATA" "$(free_port)" fsync=off full_page_writes=off max_connections=250 || return 0
    say "That was attempt $tries."
  done
  die "The test cluster does not start; what the server says is above."
}

create_template() {
  local password
  password=$(random_secret)
  sql_in "$DATA" postgres <<<"create database authn_template template template0"
  sql_in "$DATA" authn_template <<SQL
set client_min_messages = warning;
create extension pgtap;
create extension pg_authn;
select 'storage at version ' || authn.migrate();
alter role authn_gateway password '$password';
SQL
  sql_in "$DATA" postgres <<<"create database authn_test template authn_template"
  remember_password "$DATA.pgpass" authn_gateway "$password"
}

password_of() { sed -n "s/^127.0.0.1:[*]:[*]:$1://p" "$DATA.pgpass"; }

sql_tests() {
  PGPASSFILE=$DATA.pgpass PGOPTIONS='--client-min-messages=warning' \
    pg_prove --psql-bin "$PG_BIN/psql" --host 127.0.0.1 --port "$(cluster_port "$DATA")" \
    --username "$ADMINISTRATOR" --dbname authn_test "$ROOT"/tests/sql/*.sql "$ROOT"/tests/sql/regressions/*.sql
}

# PostgreSQL's own tester: two sessions, in the orders that a spec names.
isolation_tests() {
  local database=authn_isolation specs=("$ROOT"/tests/isolation/specs/*.spec)
  sql_in "$DATA" postgres <<<"create database $database template authn_template"
  sql_in "$DATA" "$database" <"$ROOT/tests/isolation/world.sql"
  specs=("${specs[@]##*/}")
  mkdir -p "$TEST/isolation"
  PGPASSFILE=$DATA.pgpass "$PG_INSTALLATION/lib/postgresql/15/lib/pgxs/src/test/isolation/pg_isolation_regress" \
    --use-existing --dbname "$database" --bindir "$PG_BIN" --inputdir "$ROOT/tests/isolation" \
    --outputdir "$TEST/isolation" --host 127.0.0.1 --port "$(cluster_port "$DATA")" --user "$ADMINISTRATOR" \
    "${specs[@]%.spec}" || {
    cat "$TEST/isolation/regression.diffs"
    return 1
  }
}

system_tests() {
  local at
  at=127.0.0.1:$(cluster_port "$DATA")
  env PATH="$PG_BIN:$PATH" \
    AUTHN_TEST_DATABASE_URL="postgres://$ADMINISTRATOR:$(password_of "$ADMINISTRATOR")@$at/postgres" \
    AUTHN_TEST_GATEWAY_URL="postgres://authn_gateway:$(password_of authn_gateway)@$at/postgres" \
    AUTHN_TEST_PG_BIN="$PG_BIN" \
    AUTHN_GATEWAY_BIN="$(target_directory)/debug/gateway" \
    AUTHN_TEST_AUDIT="$AUDIT" \
    cargo test --no-fail-fast --package system_tests --test statement_counts --test attempts --test exactly_n --test planning --test readme --test deadlock --test distributed --test examples --test installation
}

# The portal as a person uses it. What a failed test left, its trace among it, is in .run/log/portal.
browser_tests() {
  local at
  at=127.0.0.1:$(cluster_port "$DATA")
  cd "$BROWSER_TESTS" || return
  env AUTHN_TEST_DATABASE_URL="postgres://$ADMINISTRATOR:$(password_of "$ADMINISTRATOR")@$at/postgres" \
    AUTHN_TEST_GATEWAY_URL="postgres://authn_gateway:$(password_of authn_gateway)@$at/postgres" \
    AUTHN_TEST_PG_BIN="$PG_BIN" \
    AUTHN_GATEWAY_BIN="$(target_directory)/debug/gateway" \
    npx playwright test
}

clean_up() {
  local data
  # Ours, and those that an interrupted test did not remove.
  for data in "$TEST"/*/; do
    cluster_stop "${data%/}"
  done
  rm -rf "$TEST"
}

summarise() {
  say
  printf '%s\n' "${SUMMARY[@]}"
  [ -z "$FAILED" ] || exit 1
}

cd "$ROOT"
main
