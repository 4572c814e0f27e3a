#!/usr/bin/env bash
# Copies the database of a running suite into a new folder, consistently over all services, without stopping anything.
. "$TRIBUTARY_ROOT/scripts/common.sh"
[ $# -eq 1 ] || die "backup: want one folder, which must not exist yet"
[ ! -e "$1" ] || die "backup: $1 exists already"
[ -n "$(running_pid database)" ] || die "backup: the database does not run; ./dev up starts it"
log=$LOG/backup.log
mariadb-backup --no-defaults --backup --user=root --socket="$RUN/mysqld.sock" --target-dir="$1" >"$log" 2>&1 &&
  mariadb-backup --no-defaults --prepare --target-dir="$1" >>"$log" 2>&1 ||
  { tail -n 5 "$log" >&2; die "backup failed; see $log"; }
say "backed up to $1 ($(du -sh "$1" | cut -f1))"
