#!/usr/bin/env bash
# Builds a preset, or the targets named after it.
. "$TRIBUTARY_ROOT/scripts/common.sh"
preset=${1:-dev}
[ $# -gt 0 ] && shift
[ -z "$(missing_packages_we_need)" ] && npm_installed || bash scripts/setup.sh
use_ccache
jobs=$(nproc) # ninja takes two more, which only takes memory from the others: as many run, and slower
cmake --preset "$preset" >"${TMPDIR:-/tmp}/tributary-cmake.log" 2>&1 ||
  { cat "${TMPDIR:-/tmp}/tributary-cmake.log" >&2; die "cmake failed"; }
if [ -t 1 ]; then
  ninja -j "$jobs" -C "build/$preset" "$@"
else
  # Not a terminal: a line every tenth of the way is progress enough.
  NINJA_STATUS='[%f/%t] ' ninja -j "$jobs" -C "build/$preset" "$@" | awk '
    match($0, /^\[([0-9]+)\/([0-9]+)\] /) {
      split(substr($0, 2, RLENGTH - 3), n, "/")
      step = int(10 * n[1] / n[2])
      if (step != last) { print; fflush(); last = step }
      next
    }
    { print; fflush() }'
fi
