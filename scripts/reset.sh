#!/usr/bin/env bash
# make reset: deletes the private cluster and its secrets; what was built and installed stays.
HERE=$(dirname "${BASH_SOURCE[0]}")
"$HERE/stop.sh"
# shellcheck source=scripts/lib.sh
. "$HERE/lib.sh"
[ -d "$RUN" ] || exit 0
rm -rf "$RUN"/data "$RUN"/data.* "$RUN"/gateway.* "$RUN"/*.password "$RUN"/*.secret
say "The private cluster and its data are deleted."
