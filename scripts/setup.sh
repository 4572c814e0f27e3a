#!/usr/bin/env bash
# Installs what is missing: Debian's packages, and two npm packages for the build.
. "$TRIBUTARY_ROOT/scripts/common.sh"
[ $# -eq 0 ] || die "setup: got '$1', want nothing"
mapfile -t missing < <(missing_packages_we_need)
if [ ${#missing[@]} -gt 0 ]; then
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  say "installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${root[@]}" apt-get update -qq
  "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >"${TMPDIR:-/tmp}/tributary-apt.log" 2>&1 ||
    { tail -n 30 "${TMPDIR:-/tmp}/tributary-apt.log" >&2; die "apt-get could not install them"; }
fi
if ! npm_installed; then
  say "installing npm packages"
  # Not npm ci: it wants buf's binaries for every platform in the lock file. Versions are exact either way.
  npm install --no-save --no-audit --no-fund --ignore-scripts >/dev/null
  npm_installed || die "npm install did not bring google-proto-files and buf"
fi
say "set up"
