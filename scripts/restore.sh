#!/usr/bin/env bash
# Puts a backup in the place of a stopped suite's database. ./dev up then starts on it.
. "$TRIBUTARY_ROOT/scripts/common.sh"
[ $# -eq 1 ] || die "restore: want the folder of a backup"
[ -f "$1/ibdata1" ] || die "restore: $1 is no backup made by ./dev backup"
[ -z "$(running_pid database)" ] || die "restore: the suite runs; ./dev down stops it"
data=$TRIBUTARY_VAR/mysql
mkdir -p "$LOG"
if [ -d "$data" ]; then
  kept=$data.before-restore.$(date +%Y%m%d%H%M%S)
  mv "$data" "$kept"
  say "what was there is kept in $kept"
fi
mkdir -p "$data"
mariadb-backup --no-defaults --copy-back --target-dir="$1" --datadir="$data" >"$LOG/restore.log" 2>&1 ||
  { tail -n 5 "$LOG/restore.log" >&2; die "restore failed; see $LOG/restore.log"; }
# Whoever followed a feed from outside may have seen events that the backup does not have: up gives every feed a new epoch.
touch "$data/installed" "$data/restored"
say "restored; ./dev up starts on it"
