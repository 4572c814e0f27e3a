#!/usr/bin/env bash
# Starts a private MariaDB and the five processes; what runs already stays as it is.
. "$TRIBUTARY_ROOT/scripts/common.sh"
[ -n "${TRIBUTARY_BIN:-}" ] || bash scripts/build.sh dev

mkdir -p "$RUN" "$LOG" "$TRIBUTARY_VAR/secrets" "$TRIBUTARY_VAR/keys"
chmod 700 "$TRIBUTARY_VAR/secrets" "$TRIBUTARY_VAR/keys"

# Two `up` at once would start everything twice.
exec 9>"$RUN/up.lock"
flock 9

require_free() { # part, port
  # A process of ours that was killed a moment ago may still be letting go of it.
  wait_until 3 port_is_free "$2" || die "port $2, which $1 needs, is in use by another program; free it or choose other ports with TRIBUTARY_PORT"
}

start() { # part, command...
  local part=$1
  shift
  nohup setsid "$@" >>"$LOG/$part.log" 2>&1 9>&- </dev/null &
  echo $! >"$RUN/$part.pid"
}

# Keys and passwords are made here, once, and never leave var/.
[ -f "$TRIBUTARY_VAR/keys/jwks.json" ] || "$BIN/tributaryctl" keys --out "$TRIBUTARY_VAR/keys"
for service in "${SERVICES[@]}"; do
  [ -s "$TRIBUTARY_VAR/secrets/$service.password" ] ||
    (umask 077 && openssl rand -hex 24 >"$TRIBUTARY_VAR/secrets/$service.password")
done

if [ -z "$(running_pid database)" ]; then
  require_free database "$(port_of database)"
  data=$TRIBUTARY_VAR/mysql
  if [ ! -f "$data/installed" ]; then
    say "making a database in $data"
    rm -rf "$data"
    mkdir -p "$data"
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$data" --auth-root-authentication-method=normal \
      --skip-test-db >"$LOG/install-db.log" 2>&1 || die "mariadb-install-db failed; see $LOG/install-db.log"
    touch "$data/installed"
  fi
  # Root may come in by the socket alone, which lies in a folder of ours; each service gets its own database and nothing else.
  init=$TRIBUTARY_VAR/secrets/init.sql
  (
    umask 077
    {
      echo "ALTER USER root@localhost IDENTIFIED VIA unix_socket;"
      for service in "${SERVICES[@]}"; do
        password=$(cat "$TRIBUTARY_VAR/secrets/$service.password")
        echo "CREATE DATABASE IF NOT EXISTS $service CHARACTER SET utf8mb4;"
        echo "CREATE USER IF NOT EXISTS $service@'127.0.0.1' IDENTIFIED BY '$password';"
        echo "CREATE USER IF NOT EXISTS $service@localhost IDENTIFIED BY '$password';"
        echo "ALTER USER $service@'127.0.0.1' IDENTIFIED BY '$password', $service@localhost IDENTIFIED BY '$password';"
        echo "GRANT ALL ON $service.* TO $service@'127.0.0.1';"
        echo "GRANT ALL ON $service.* TO $service@localhost;"
      done
    } >"$init"
  )
  # A folder of its own for temporary tables: a server that starts clears what it takes for leftovers in a shared one.
  mkdir -p "$TRIBUTARY_VAR/tmp"
  start database mariadbd --defaults-file="$TRIBUTARY_ROOT/deploy/mariadb.cnf" --user="$(id -un)" --datadir="$data" \
    --tmpdir="$TRIBUTARY_VAR/tmp" \
    --socket="$RUN/mysqld.sock" --port="$(port_of database)" --bind-address=127.0.0.1 --pid-file="$RUN/mysqld.pid" \
    --init-file="$init"
  wait_until 60 sql -e 'SELECT 1 FROM mysql.db WHERE Db = "conflict" LIMIT 1' >/dev/null 2>&1 ||
    die "the database did not come up; see $LOG/database.log"

  # A restored database: feeds get new epochs, so that outside followers are told FEED_REWOUND; our own consumers were
  # restored together with the feeds and go on where they are.
  if [ -f "$data/restored" ]; then
    for feed in "${SERVICES[@]}"; do
      epoch=$(cat /proc/sys/kernel/random/uuid)
      sql "$feed" -e "UPDATE feed_epoch SET uuid = UNHEX(REPLACE('$epoch', '-', '')), made_at = UTC_TIMESTAMP(6)"
      for consumer in "${SERVICES[@]}"; do
        sql "$consumer" -e "UPDATE consumer SET source_epoch = '$epoch' WHERE feed = '$feed'"
      done
    done
    rm "$data/restored"
  fi
fi

for service in "${SERVICES[@]}" gateway; do
  [ -z "$(running_pid "$service")" ] || continue
  require_free "$service" "$(port_of "$service")"
  require_free "$service (admin)" "$(admin_port_of "$service")"
  common=(--listen "127.0.0.1:$(port_of "$service")" --admin-listen "127.0.0.1:$(admin_port_of "$service")"
    --jwks "$TRIBUTARY_VAR/keys/jwks.json")
  key=(--signing-key "$TRIBUTARY_VAR/keys/service.jwk")
  database=(--database "unix://$RUN/mysqld.sock" --database-user "$service" --database-schema "$service"
    --database-password-file "$TRIBUTARY_VAR/secrets/$service.password"
    --page-token-key "$TRIBUTARY_VAR/keys/page_token.key")
  partner=(--partner "127.0.0.1:$(port_of partner)")
  inventory=(--inventory "127.0.0.1:$(port_of inventory)")
  incentive=(--incentive "127.0.0.1:$(port_of incentive)")
  conflict=(--conflict "127.0.0.1:$(port_of conflict)")
  case "$service" in
    partner)
      start partner "$BIN/partner-service" "${common[@]}" "${database[@]}" "${key[@]}" "${inventory[@]}" "${conflict[@]}" \
        --webhooks-to-loopback
      ;;
    inventory)
      start inventory "$BIN/inventory-service" "${common[@]}" "${database[@]}" "${key[@]}" "${partner[@]}" "${incentive[@]}"
      ;;
    incentive)
      start incentive "$BIN/incentive-service" "${common[@]}" "${database[@]}" "${key[@]}" "${partner[@]}" "${inventory[@]}" "${conflict[@]}"
      ;;
    conflict)
      start conflict "$BIN/conflict-service" "${common[@]}" "${database[@]}" "${key[@]}" "${partner[@]}" "${inventory[@]}" "${incentive[@]}"
      ;;
    gateway)
      start gateway "$BIN/gateway" "${common[@]}" "${partner[@]}" "${inventory[@]}" \
        "${incentive[@]}" "${conflict[@]}"
      ;;
  esac
done

for service in "${SERVICES[@]}" gateway; do
  ready() { curl -sf --noproxy '*' -o /dev/null "http://127.0.0.1:$(admin_port_of "$service")/readyz"; }
  # By its process and not by its name: in its first moment it is still the nohup that becomes it.
  ended() { ! kill -0 "$(cat "$RUN/$service.pid")" 2>/dev/null; }
  ended_or_ready() { ended || ready; }
  wait_until 60 ended_or_ready || die "$service did not become ready; see $LOG/$service.log"
  ! ended || { tail -n 5 "$LOG/$service.log" >&2; die "$service ended; see $LOG/$service.log"; }
done

cat >"$RUN/endpoints.json" <<TEXT
{
  "partner": "127.0.0.1:$(port_of partner)",
  "inventory": "127.0.0.1:$(port_of inventory)",
  "incentive": "127.0.0.1:$(port_of incentive)",
  "conflict": "127.0.0.1:$(port_of conflict)",
  "gateway": "127.0.0.1:$(port_of gateway)"
}
TEXT
bash scripts/status.sh
