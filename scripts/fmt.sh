#!/usr/bin/env bash
# Formats the C++ sources and the protos.
. "$TRIBUTARY_ROOT/scripts/common.sh"
[ -z "$(missing_packages_we_need)" ] && npm_installed || bash scripts/setup.sh
git ls-files '*.cc' '*.h' | xargs clang-format -i
node_modules/.bin/buf format -w protos
