# shellcheck shell=bash
# Mixed load at 70 % of what the machine does at most, for MINUTES (30): whether anything grows. The same as in
# `make test`, but long. Sourced by bench.sh.

MINUTES=${MINUTES:-30}

bench_soak() {
  step "Build the gateway" gateway_build
  machine
  AUTHN_TEST_PG_BIN=$PG_BIN AUTHN_GATEWAY_BIN=$(target_directory)/debug/gateway SOAK_SECONDS=$((MINUTES * 60)) \
    cargo test --package system_tests --test soak -- --nocapture
}
