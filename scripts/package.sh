#!/usr/bin/env bash
# make package: the extension and the gateway, optimised, as one archive for a server with Debian's PostgreSQL 15.
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

main() {
  local version name
  lock
  need_disk
  need_packages "${BUILD_PACKAGES[@]}"
  need_rust
  need_cargo_pgrx
  find_server_user
  installation_refresh
  version=$(cd "$ROOT" && cargo pkgid --package pg_authn | sed 's/.*[#@]//')
  name=pg_authn-$version-pg15
  TARGET=$(target_directory)
  STAGE=$TARGET/package/$name
  rm -rf "$STAGE"
  mkdir -p "$STAGE/bin"
  step "Build the extension for release" package_extension
  need_portal
  step "Build the gateway for release" package_gateway
  cp "$ROOT/README.md" "$ROOT/CHANGELOG.md" "$ROOT/LICENSE" "$ROOT/SECURITY.md" "$ROOT/sql/roles/roles.sql" "$STAGE/"
  install_note "$name" >"$STAGE/INSTALL"
  tar --create --gzip --owner root --group root --numeric-owner --sort name \
    --directory "$TARGET/package" --file "$TARGET/$name.tar.gz" "$name"
  say "$TARGET/$name.tar.gz ($(du -h "$TARGET/$name.tar.gz" | cut -f 1))"
}

# Laid out as on the server it is meant for, whose pg_config is the one in /usr.
package_extension() {
  pgrx_settings
  cd "$ROOT" || return
  env -u RUST_BACKTRACE cargo pgrx package --package pg_authn \
    --pg-config /usr/lib/postgresql/15/bin/pg_config --out-dir "$STAGE"
}

package_gateway() {
  cd "$ROOT" || return
  cargo build --release --package gateway
  install -m 755 "$TARGET/release/gateway" "$STAGE/bin/gateway"
}

install_note() {
  cat <<EOF
$1, for Debian 12's PostgreSQL 15 on $(uname -m)

On the database server, as root:

    tar -xzf $1.tar.gz --directory / --strip-components 1 $1/usr

then, as a superuser in the database (psql), at the first installation (where roles are made by somebody else,
he runs roles.sql before):

    create extension pg_authn;
    select authn.migrate();
    alter role authn_gateway password '…';

and at an upgrade:

    alter extension pg_authn update;
    select authn.migrate();

The gateway is bin/gateway, one file for any machine that reaches the database:

    DATABASE_URL=postgres://authn_gateway:…@host/database LISTEN=0.0.0.0:8080 JWKS_FILE=… gateway serve

\`gateway serve --help\` lists its settings. README.md has the rest.
EOF
}

main
