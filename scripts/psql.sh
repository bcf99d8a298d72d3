#!/usr/bin/env bash
# make psql: psql on the private cluster as its administrator.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"

cluster_pid "$RUN/data" >/dev/null || die "The private cluster is not running; \`make run\` starts it."
arguments=()
# A script's output should not depend on somebody's ~/.psqlrc.
[ -t 0 ] || arguments=(--no-psqlrc)
psql_in "$RUN/data" authn "${arguments[@]}"
