#!/usr/bin/env bash
# Stops the suite, then deletes what was built and what it stored.
. "$TRIBUTARY_ROOT/scripts/common.sh"
bash scripts/down.sh
rm -rf build "$TRIBUTARY_VAR"
