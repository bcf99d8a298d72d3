#!/usr/bin/env bash
# make token: a token for the demo tenant, alone on standard output.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"
# shellcheck source=scripts/extension.sh
. "$HERE/extension.sh"
# shellcheck source=scripts/demo.sh
. "$HERE/demo.sh"

DATA=$RUN/data
cluster_pid "$DATA" >/dev/null ||
  die "The private cluster is not running; \`make run\` starts it."
demo_token "$(target_directory)/debug/gateway" "${ROLE:-admin}"
