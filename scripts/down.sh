#!/usr/bin/env bash
# Stops what up started, the database last; nothing else.
. "$TRIBUTARY_ROOT/scripts/common.sh"
gone() { [ -z "$(running_pid "$1")" ]; }
stop() {
  local pid
  pid=$(running_pid "$1")
  [ -n "$pid" ] && kill -TERM "$pid"
  return 0
}
finish() {
  local pid
  if ! wait_until "$2" gone "$1"; then
    pid=$(running_pid "$1")
    say "$1 did not stop within $2 seconds; killing it"
    kill -KILL "$pid"
    wait_until 5 gone "$1"
  fi
  rm -f "$RUN/$1.pid"
}
for part in gateway conflict incentive inventory partner; do stop "$part"; done
for part in gateway conflict incentive inventory partner; do finish "$part" 20; done
stop database
finish database 60
rm -f "$RUN/endpoints.json"
