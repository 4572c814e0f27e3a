#!/usr/bin/env bash
# What runs, and where.
. "$TRIBUTARY_ROOT/scripts/common.sh"
row() { printf '%-10s %-9s %-22s %s\n' "$@"; }
row part process address metrics
for part in database "${SERVICES[@]}" gateway; do
  pid=$(running_pid "$part")
  address=127.0.0.1:$(port_of "$part")
  metrics=http://127.0.0.1:$(admin_port_of "$part")/metrics
  [ "$part" = gateway ] && address=http://$address
  [ "$part" = database ] && metrics=
  row "$part" "${pid:-stopped}" "$address" "$metrics"
done
