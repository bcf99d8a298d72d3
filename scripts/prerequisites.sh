# shellcheck shell=bash
# What the machine must have: Debian packages, Rust, cargo-pgrx. Sourced after lib.sh.

# shellcheck disable=SC2034 # for those who source this
BUILD_PACKAGES=(
  ca-certificates curl gcc libc6-dev libssl-dev pkg-config
  clang-14 libclang-14-dev
  postgresql-15 postgresql-server-dev-15
)
# shellcheck disable=SC2034
TEST_PACKAGES=(
  pgbouncer postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl python3-venv
  libpostgresql-jdbc-java odbc-postgresql python3-pyodbc
)
# A browser, and letters of several scripts for it to show.
# shellcheck disable=SC2034
BROWSER_PACKAGES=(chromium fonts-dejavu-core)

# have <command>…
have() { command -v "$@" >/dev/null && [ "$(command -v "$@" | wc -l)" -eq $# ]; }

# need_packages <package>…: installs those that are missing, and nothing when none is.
need_packages() {
  local missing=() package
  have dpkg-query apt-get ||
    die "These commands are written for Debian 12 and this machine has no apt. What has to be there: ${*}."
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || step "Install the missing packages: ${missing[*]}" install_packages "${missing[@]}"
}

install_packages() {
  local as_root=() had_cluster= had_pooler=
  if [ "$(id -u)" -ne 0 ]; then
    have sudo ||
      die "These Debian packages are missing: $*. You are neither root nor is there sudo; ask for" \
        "\`apt-get install $*\` and run the same command again."
    sudo -v || die "These Debian packages are missing: $*. sudo lets you not install them; ask for" \
      "\`apt-get install $*\` and run the same command again."
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  [ -e /etc/postgresql/15/main ] && had_cluster=1
  [ -e /etc/init.d/pgbouncer ] && had_pooler=1
  # A stale list is no reason to stop: what is wanted may be in it.
  "${as_root[@]}" apt-get -q update || true
  "${as_root[@]}" apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" ||
    {
      ! grep -qiE 'no space left on device|not have enough free space' "$LOGS/install_packages.log" ||
        die "The packages could not be installed because the disk is full: $*. Make room and run the same command again."
      die "These Debian packages could not be installed: $*. apt's reason is above: no network, another" \
        "distribution than Debian 12, or a broken package state (\`apt-get check\` tells)."
    }
  # Debian starts a cluster of its own with a newly installed server; nobody asked for that one.
  if [ -z "$had_cluster" ] && [ -e /etc/postgresql/15/main ]; then
    "${as_root[@]}" pg_dropcluster --stop 15 main
  fi
  # The same of a pooler.
  if [ -z "$had_pooler" ] && [ -e /etc/init.d/pgbouncer ]; then
    "${as_root[@]}" service pgbouncer stop
    "${as_root[@]}" update-rc.d pgbouncer disable
  fi
}

# Node.js, for the portal's build, the browser tests and the audit of GraphQL over HTTP: the machine's, or
# where that is too old, as Debian's is, one under .run.
NODE_VERSION=22.23.3
# need_node [least major version]
need_node() {
  local least=${1:-20}
  have node npm || need_packages nodejs npm
  ! node_will_do "$least" || return 0
  PATH=$RUN/node/node_modules/.bin:$PATH
  # bash remembers where the old one was.
  hash -r
  node_will_do "$least" || step "Install Node.js $NODE_VERSION into .run" install_node
  hash -r
  node_will_do "$least" ||
    die "Node.js 20.19 or newer is needed, by the benchmarks 22.12, and $(command -v node) is $(node --version)."
}

# node_will_do <least major version>: besides, what the bundler wants.
node_will_do() { node -e 'const [a, b] = process.versions.node.split(".").map(Number);
  process.exit(a >= process.argv[1] && (a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19)) ? 0 : 1)' "$1"; }

install_node() {
  rm -rf "$RUN/node"
  mkdir -p "$RUN/node"
  npm install --prefix "$RUN/node" --no-audit --no-fund "node@$NODE_VERSION"
}

# need_rust [component]…
need_rust() {
  local wanted found component
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
  have cargo rustc ||
    die "Rust is missing (looked for cargo and rustc on the PATH and in ~/.cargo/bin of $(id -un)). Install" \
      "Rust $wanted or newer with rustup: curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y" \
      "— then run the same command again."
  found=$(rustc --version | cut -d ' ' -f 2)
  [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)" = "$wanted" ] ||
    die "Rust $wanted or newer is needed and $(command -v rustc) is $found. \`rustup update stable\` brings the newest."
  for component; do
    have "cargo-$component" ||
      die "\`cargo $component\` is missing: \`rustup component add rustfmt clippy\` brings it."
  done
}

# The tool must have exactly the version of the library it builds.
need_cargo_pgrx() {
  local wanted found
  wanted=$(sed -n 's/^pgrx = .*"=\([0-9.]*\)".*/\1/p' "$ROOT/pg_authn/Cargo.toml")
  found=$(cargo pgrx --version 2>/dev/null | cut -d ' ' -f 2) || true
  [ "$found" = "$wanted" ] || step "Build cargo-pgrx $wanted" install_cargo_pgrx "$wanted" "$found"
}

install_cargo_pgrx() {
  local wanted=$1 found=$2 into=()
  # Where there is another version somebody uses it: theirs stays, ours goes under .run.
  [ -z "$found" ] || into=(--root "$RUN/tools")
  cargo install cargo-pgrx --version "=$wanted" --locked --target-dir "$RUN/tools/build" "${into[@]}"
  rm -rf "$RUN/tools/build"
}

# pgspot, with the versions that tests/pgspot/requirements.txt pins, in an environment of its own.
need_pgspot() {
  cmp -s "$ROOT/tests/pgspot/requirements.txt" "$RUN/pgspot/requirements.txt" ||
    step "Install pgspot into .run" install_pgspot
}

install_pgspot() {
  rm -rf "$RUN/pgspot"
  python3 -m venv "$RUN/pgspot"
  "$RUN/pgspot/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    --requirement "$ROOT/tests/pgspot/requirements.txt"
  # The last file to appear: what was interrupted is made again.
  cp "$ROOT/tests/pgspot/requirements.txt" "$RUN/pgspot/"
}
