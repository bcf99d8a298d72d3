#!/usr/bin/env bash
# make stop: ends what `make run` started; running it twice is fine.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
# shellcheck source=scripts/ports.sh
. "$HERE/ports.sh"
# shellcheck source=scripts/postgres.sh
. "$HERE/postgres.sh"
# shellcheck source=scripts/gateway.sh
. "$HERE/gateway.sh"

if ! gateway_pid >/dev/null && ! cluster_pid "$RUN/data" >/dev/null; then
  say "Nothing is running."
  exit
fi
! gateway_pid >/dev/null || step "Stop the gateway" gateway_stop
! cluster_pid "$RUN/data" >/dev/null || step "Stop the private cluster" cluster_stop "$RUN/data"
