# shellcheck shell=bash
# The portal's files, which the gateway serves: built with Node.js, tested in a browser. Sourced after
# prerequisites.sh.

PORTAL=$ROOT/gateway/portal
BROWSER_TESTS=$ROOT/tests/portal

# What the files are made of.
portal_checksum() {
  (
    cd "$ROOT" || return
    find gateway/portal gateway/schema.graphql -type f \
      -not -path '*/node_modules/*' -not -path 'gateway/portal/dist/*' -not -name generated.ts -print0 |
      sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
  )
}

# need_portal: builds it, unless it was built from just these sources.
need_portal() {
  need_node
  if [ ! -s "$PORTAL/dist/index.html" ] || [ "$(cat "$PORTAL/dist/.built" 2>/dev/null)" != "$(portal_checksum)" ]; then
    step "Build the portal" portal_build
  fi
}

portal_build() {
  npm_install "$PORTAL"
  (cd "$PORTAL" && npm run --silent build)
  portal_checksum >"$PORTAL/dist/.built"
}

# npm_install <folder>: exactly what its lock file names, unless that is there.
npm_install() {
  ! npm_present "$1" || return 0
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund)
  # The last file to appear: what was interrupted is done again.
  cp "$1/package-lock.json" "$1/node_modules/.installed"
}

npm_present() { cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; }

# What is checked without a browser: the committed documents, the types, the style, the units.
portal_check() {
  npm_install "$PORTAL"
  cd "$PORTAL" || return
  npm run --silent check
}

browser_check() {
  npm_install "$BROWSER_TESTS"
  cd "$BROWSER_TESTS" || return
  npm run --silent check
}
