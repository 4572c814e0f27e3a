#!/usr/bin/env bash
# Format, protos, schemas, links in docs, and clang-tidy on what changed since main (or since $1). Installs what it needs.
. "$TRIBUTARY_ROOT/scripts/common.sh"
base=${1:-$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)}
# On main itself what changed is its last commit.
[ "$base" != "$(git rev-parse HEAD)" ] || [ -n "$(git status --porcelain)" ] ||
  base=$(git rev-parse --verify -q 'HEAD~1' || echo "$base")
[ -z "$(missing_packages_we_need)" ] && npm_installed || bash scripts/setup.sh
failed=0
check() { # name, command...
  local name=$1 out
  shift
  if out=$("$@" 2>&1); then
    say "pass  $name"
  else
    failed=$((failed + 1))
    say "FAIL  $name"
    printf '%s\n' "$out" | head -n 60 >&2
  fi
}

format() { git ls-files '*.cc' '*.h' | xargs clang-format --dry-run --Werror; }
scripts_parse() { for script in dev scripts/*.sh .ci/run; do bash -n "$script" || return 1; done; }

buf_lint() { node_modules/.bin/buf lint protos; }
# What was published must stay readable: against the last tag where there is one, else against the change's base.
buf_breaking() {
  local against
  against=$(git describe --tags --abbrev=0 2>/dev/null || echo "$base")
  [ -n "$(git ls-tree "$against" protos/tributary 2>/dev/null)" ] || return 0
  local old
  old=$(mktemp -d)
  git archive "$against" protos buf.yaml | tar -x -C "$old"
  ln -s "$TRIBUTARY_ROOT/node_modules" "$old/node_modules"
  (cd "$old" && "$TRIBUTARY_ROOT/node_modules/.bin/buf" build protos -o "$old/image.binpb") &&
    node_modules/.bin/buf breaking protos --against "$old/image.binpb"
  local status=$?
  rm -rf "$old"
  return $status
}

# The portable subset of SQL, one idempotent DDL a file, numbered without gaps.
schemas() {
  local folder file number expected status=0
  for folder in $(git ls-files '*/schema/*.sql' | xargs -n1 dirname | sort -u); do
    expected=1
    for file in "$folder"/*.sql; do
      number=$((10#$(basename "$file" | cut -d_ -f1)))
      [ "$number" -eq "$expected" ] || { echo "$file: got number $number, want $expected"; status=1; }
      expected=$((number + 1))
      if sed 's/--.*//' "$file" | grep -nEi 'AUTO_INCREMENT|FOREIGN KEY|REFERENCES|CREATE +(OR +REPLACE +)?(VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT)|GET_LOCK|SKIP +LOCKED|\b(DOUBLE|FLOAT|REAL)\b|\bTIMESTAMP\b|\bENUM *\(|\bJSON\b'; then
        echo "$file: not in the portable subset"
        status=1
      fi
      [ "$(sed 's/--.*//' "$file" | tr -d '\n' | sed "s/'[^']*'//g" | tr -cd ';' | wc -c)" -le 1 ] || { echo "$file: want one statement a file"; status=1; }
      sed 's/--.*//' "$file" | tr '\n' ' ' | grep -qEi '^ *(CREATE TABLE IF NOT EXISTS|ALTER TABLE .*IF (NOT )?EXISTS|INSERT IGNORE|INSERT .*ON DUPLICATE KEY)' ||
        { echo "$file: want an idempotent statement (CREATE TABLE IF NOT EXISTS ...)"; status=1; }
    done
  done
  return $status
}
# SQL in the sources keeps to the same subset.
sql_in_sources() {
  ! git grep -nE '\b(GET_LOCK|SKIP LOCKED|LAST_INSERT_ID\(\) *FROM DUAL)\b' -- '*.cc' ':!*_test.cc'
}

# Links between documents lead somewhere.
links() {
  local file link target status=0
  while read -r file; do
    while read -r link; do
      target=${link%%#*}
      [ -n "$target" ] || continue
      case "$target" in http://* | https://* | mailto:*) continue ;; esac
      [ -e "$(dirname "$file")/$target" ] || { echo "$file: $link leads nowhere"; status=1; }
    done < <(grep -oE '\]\([^) ]+\)' "$file" | sed 's/^](//; s/)$//')
  done < <(git ls-files '*.md')
  return $status
}

# Floating point in business fields, secrets, traces of a machine.
no_float_in_protos() { ! git grep -nE '^[[:space:]]*(repeated |optional )?(double|float)[[:space:]]' -- 'protos/*.proto'; }
no_secrets() { ! git grep -nIE 'BEGIN (RSA |EC )?PRIVATE KEY|"d" *: *"[A-Za-z0-9_-]{40,}"' -- . ':!*_test.cc' ':!scripts/check.sh'; }

tidy() {
  local -a files
  mapfile -t files < <({ git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } |
    grep -E '\.cc$' | grep -v '_test\.cc$' | sort -u)
  [ ${#files[@]} -gt 0 ] || return 0
  # Generated headers, and a line for every source.
  bash scripts/build.sh dev tributary_protos
  # Sources include what they use without precompiled headers.
  mkdir -p build/tidy
  sed -E 's/ (-Winvalid-pch|-Xclang [^ ]+)//g' build/dev/compile_commands.json >build/tidy/compile_commands.json
  printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy --quiet --warnings-as-errors='*' -p build/tidy
}

check format format
check scripts scripts_parse
check "proto lint" buf_lint
check "proto breaking" buf_breaking
check schemas schemas
check "sql in sources" sql_in_sources
check "links in docs" links
check "no float in protos" no_float_in_protos
check "no secrets" no_secrets
check "clang-tidy (changed files)" tidy
[ "$failed" -eq 0 ] && say "all checks passed" || die "$failed checks failed"
