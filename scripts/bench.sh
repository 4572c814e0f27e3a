#!/usr/bin/env bash
# Measures against named peers: a JSON line a benchmark on standard output, progress on standard error.
# Names pick benchmarks: ./dev bench get_region; --rounds and --seconds say how long.
# ./dev bench matching: how well and how fast names are matched (quality, speed), as tables.
# ./dev bench diversion: how well diversion is found as labels are lost, as a table.
. "$TRIBUTARY_ROOT/scripts/common.sh"
if [ -z "${TRIBUTARY_REAL_DATA:-}" ] && [ -d ../shared/data ]; then
  TRIBUTARY_REAL_DATA=$(cd ../shared/data && pwd)
  export TRIBUTARY_REAL_DATA
fi
# Durable is what reaches a disk: the tests' own databases lie in memory where there is room for them.
export TRIBUTARY_TEST_DIR=${TRIBUTARY_TEST_DIR:-$TRIBUTARY_ROOT/build/bench}
mkdir -p "$TRIBUTARY_TEST_DIR"
if [ "${1:-}" = diversion ]; then
  shift
  bash scripts/build.sh release tributary_diversion_bench >&2
  exec build/release/bin/tributary_diversion_bench "$@"
fi
if [ "${1:-}" = matching ]; then
  shift
  bash scripts/build.sh release tributary_matching_bench >&2
  exec build/release/bin/tributary_matching_bench "$@"
fi
bash scripts/build.sh release tributary_bench >&2
# A peer that is no package of Debian; without it resident_engine and territory_overlap say so.
[ -d tests/bench/duckdb/node_modules ] || npm ci --prefix tests/bench/duckdb --no-audit --no-fund >&2 || true
exec build/release/bin/tributary_bench "$@"
