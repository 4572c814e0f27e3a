#!/usr/bin/env bash
# Brings the other databases of the compat lane into var/compat, nothing into the system, and prints what
# TRIBUTARY_TEST_DATABASE is to be for their tests: compat.sh mysql|galera
. "$TRIBUTARY_ROOT/scripts/common.sh"
place=$TRIBUTARY_VAR/compat

# The newest MySQL that Debian packages is in its unstable suite.
MYSQL_PACKAGE=mysql-server-core
MYSQL_SUITE=sid
GALERA_PACKAGE=galera-4

# An apt of its own: its lists, its cache and its idea of what is installed (nothing, so that every library comes along).
private_apt() { # command, arguments...
  local command=$1
  shift
  "$command" -q -o "Dir::Etc::SourceList=$place/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
    -o "Dir::State::Lists=$place/apt/lists" -o "Dir::State::status=$place/apt/status" -o "Dir::Cache=$place/apt/cache" \
    -o "APT::Sandbox::User=$(id -un)" "$@"
}

# Debian's mirror as this machine's apt knows it.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null |
    awk -v codename="$codename" '$2 == codename { print $1; exit }'
}

unpack() { # folder, packages...
  local folder=$1 package
  shift
  for package in "$@"; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder" --keep-directory-symlink --no-same-owner || return 1
  done
}

# A folder with the server and all libraries down to the C library, which is newer than this machine's: the program is
# started by the folder's own loader.
fetch_mysql() {
  local root=$place/mysql uri triplet
  uri=$(mirror)
  [ -n "$uri" ] || { say "apt names no mirror of Debian"; return 1; }
  rm -rf "$place/apt" "$root"
  mkdir -p "$place/apt/lists/partial" "$place/apt/cache/archives/partial" "$root/usr/lib" "$root/usr/lib64"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  : >"$place/apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $MYSQL_SUITE main" >"$place/apt/sources.list"
  private_apt apt-get update >&2 || return 1
  private_apt apt-get install --download-only --yes --no-install-recommends "$MYSQL_PACKAGE" >&2 || return 1
  unpack "$root" "$place"/apt/cache/archives/*.deb || return 1
  triplet=$(gcc -print-multiarch)
  cat >"$root/mysqld" <<TEXT
#!/bin/sh
# The first argument names the option file or --no-defaults, and must stay the first.
first=\$1
shift
exec "$root"/lib64/ld-linux-*.so.* --argv0 "$root/usr/sbin/mysqld" \\
  --library-path "$root/usr/lib/$triplet" "$root/usr/sbin/mysqld" "\$first" \\
  --basedir="$root/usr" --lc-messages-dir="$root/usr/share/mysql" --character-sets-dir="$root/usr/share/mysql/charsets" \\
  --plugin-dir="$root/usr/lib/mysql/plugin" --secure-file-priv= "\$@"
TEXT
  chmod +x "$root/mysqld"
  rm -rf "$place/apt"
  "$root/mysqld" --no-defaults --version >&2
}

# The provider of this machine's own Debian, beside its own MariaDB.
fetch_galera() {
  local root=$place/galera
  rm -rf "$root"
  mkdir -p "$root"
  (cd "$root" && apt-get -q download "$GALERA_PACKAGE" >&2 && unpack . ./"$GALERA_PACKAGE"_*.deb) || return 1
  rm -f "$root"/*.deb
  [ -s "$root/usr/lib/libgalera_smm.so" ]
}

case "${1:-}" in
  mysql)
    "$place/mysql/mysqld" --no-defaults --version >/dev/null 2>&1 || fetch_mysql || die "MySQL cannot be had here"
    echo "mysql:$place/mysql/mysqld"
    ;;
  galera)
    [ -s "$place/galera/usr/lib/libgalera_smm.so" ] || fetch_galera || die "Galera cannot be had here"
    echo "galera:$place/galera/usr/lib/libgalera_smm.so"
    ;;
  *) die "compat: got '${1:-}', want mysql or galera" ;;
esac
