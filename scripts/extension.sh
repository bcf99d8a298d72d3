# shellcheck shell=bash
# Builds the extension into the private installation, and the gateway. Sourced after postgres.sh.

# pgrx looks for its settings in a directory of ours. With a file there that names the server,
# neither `cargo pgrx init` nor ~/.pgrx is involved; without the file every build would begin anew.
export PGRX_HOME=$RUN/pgrx

# cargo-pgrx would pass a linker flag to every crate, and so compile all of them a second time, apart from
# what `cargo build`, `clippy` and `test` compile. Where a linker needs it, pg_authn/build.rs gives it.
export CARGO_PGRX_DISABLE_GC_SECTIONS_WORKAROUND=1

EXTENSION_LIBRARY=$PG_INSTALLATION/lib/postgresql/15/lib/pg_authn.so

pgrx_settings() {
  local wanted
  wanted=$(printf '[configs]\npg15 = "%s"' "$PG_BIN/pg_config")
  [ "$wanted" != "$(cat "$PGRX_HOME/config.toml" 2>/dev/null)" ] || return 0
  mkdir -p "$PGRX_HOME"
  say "$wanted" >"$PGRX_HOME/config.toml"
}

# extension_install [argument of cargo pgrx install]…
extension_install() {
  pgrx_settings
  cd "$ROOT" || return
  # Its failures are told by the compiler; a trace of cargo-pgrx itself helps nobody.
  env -u RUST_BACKTRACE cargo pgrx install --package pg_authn --pg-config "$PG_BIN/pg_config" "$@"
}

# What a running server has loaded is compared with what is installed by this.
extension_checksum() { sha256sum <"$EXTENSION_LIBRARY" | cut -d ' ' -f 1; }

gateway_build() {
  cd "$ROOT" || return
  cargo build --package gateway
}

target_directory() {
  (cd "$ROOT" && cargo metadata --no-deps --format-version 1) | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}
