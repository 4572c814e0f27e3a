# Shared by the scripts behind ./dev; sourced, never run.
set -euo pipefail
cd "$TRIBUTARY_ROOT"

say() { printf '%s\n' "$*" >&2; }
die() {
  say "./dev: $*"
  exit 1
}

# What Debian 12 must have. Names of packages, one list for doctor, setup and CI. (protobuf-compiler-grpc is not called: the
# CMake files of libgrpc++-dev refuse to be read without it.)
APT_PACKAGES=(
  build-essential cmake ninja-build ccache mold pkg-config git curl jq openssl ca-certificates
  protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libgrpc++-dev libabsl-dev libmysqlcppconn-dev libboost-dev
  prometheus-cpp-dev libspdlog-dev libcjose-dev libssl-dev libcurl4-openssl-dev libicu-dev libre2-dev libcli11-dev libyaml-cpp-dev
  nlohmann-json3-dev libgtest-dev libgmock-dev zlib1g-dev
  libexpat1-dev libxlsxwriter-dev libopencc-dev
  mariadb-server-core mariadb-client mariadb-backup
  clang libclang-rt-dev clang-format clang-tidy
  nodejs npm
)

# (Not installed: the databases of ./dev test --full's compat lane, see scripts/compat.sh; and postgresql-15, the peer of
# ./dev bench matching, which would start a server of its own: it says so where it is missing.)

missing_packages() { # packages...
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

# Node and npm also come from elsewhere than Debian; then Debian's are not needed.
missing_packages_we_need() {
  missing_packages "${APT_PACKAGES[@]}" | while read -r package; do
    case "$package" in
      nodejs) command -v node >/dev/null || echo "$package" ;;
      npm) command -v npm >/dev/null || echo "$package" ;;
      *) echo "$package" ;;
    esac
  done
}

npm_installed() {
  [ -f node_modules/google-proto-files/google/api/annotations.proto ] && [ -x node_modules/.bin/buf ]
}

use_ccache() {
  export CCACHE_BASEDIR=$TRIBUTARY_ROOT CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
}

# The processes in the order in which they start, and their ports relative to TRIBUTARY_PORT.
SERVICES=(partner inventory incentive conflict)
port_of() {
  case "$1" in
    database) echo $((TRIBUTARY_PORT)) ;;
    partner) echo $((TRIBUTARY_PORT + 1)) ;;
    inventory) echo $((TRIBUTARY_PORT + 2)) ;;
    incentive) echo $((TRIBUTARY_PORT + 3)) ;;
    conflict) echo $((TRIBUTARY_PORT + 4)) ;;
    gateway) echo $((TRIBUTARY_PORT + 5)) ;;
  esac
}
admin_port_of() { echo $(($(port_of "$1") + 10)); }

BIN=${TRIBUTARY_BIN:-$TRIBUTARY_ROOT/build/dev/bin}
RUN=$TRIBUTARY_VAR/run
LOG=$TRIBUTARY_VAR/log

# The process id of a part of ours that runs, or nothing. Ours is what was started from this folder's files: a pid file whose
# process is another program is stale. (Its command line is read, not its executable: a rebuild replaces that.)
running_pid() {
  local pid line program
  [ -f "$RUN/$1.pid" ] || return 0
  pid=$(cat "$RUN/$1.pid")
  line=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || return 0
  program=${line%% *}
  case "$line" in *"$TRIBUTARY_VAR/"*) ;; *) return 0 ;; esac
  case "$1:${program##*/}" in
    database:mariadbd | database:mysqld | gateway:gateway | "$1:$1-service") echo "$pid" ;;
  esac
}

# By the kernel's table and not by connecting: a listener that does not accept would hold us up.
port_is_free() {
  ! { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } | awk -v port=":$(printf %04X "$1")" '
    $4 == "0A" && ($2 == "00000000" port || $2 == "0100007F" port || $2 == "00000000000000000000000000000000" port) { busy = 1 }
    END { exit !busy }'
}

# wait_until SECONDS COMMAND...: true as soon as the command is.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

sql() { mariadb --no-defaults --socket="$TRIBUTARY_VAR/run/mysqld.sock" -uroot "$@"; }
