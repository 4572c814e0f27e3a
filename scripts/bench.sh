#!/usr/bin/env bash
# Measures against named peers: a JSON line a benchmark on standard output, progress on standard error.
# Names pick benchmarks: ./dev bench get_region; --rounds and --seconds say how long.
. "$TRIBUTARY_ROOT/scripts/common.sh"
bash scripts/build.sh release tributary_bench >&2
exec build/release/bin/tributary_bench "$@"
