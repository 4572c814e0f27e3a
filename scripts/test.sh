#!/usr/bin/env bash
# The lanes that CI runs; --full: every lane that this machine can run. `./dev test LANE...` runs only those of the first
# build, of which fault and compat belong to --full.
. "$TRIBUTARY_ROOT/scripts/common.sh"
full=
lanes=()
for argument in "$@"; do
  case "$argument" in
    --full) full=1 ;;
    unit | property | store | integration | e2e | real-data | fault | compat) lanes+=("$argument") ;;
    *) die "test: got '$argument', want --full or a lane: unit property store integration e2e real-data fault compat" ;;
  esac
done
# Scenario 5 hands two registrations to two replicas at once: 1,000 times here, 50 times otherwise.
if [ -n "$full" ]; then export TRIBUTARY_REGISTRATION_ROUNDS=${TRIBUTARY_REGISTRATION_ROUNDS:-1000}; fi
only=${#lanes[@]}
[ "$only" -gt 0 ] || lanes=(unit property store integration e2e real-data)

bash scripts/setup.sh
mkdir -p "$TRIBUTARY_VAR/test"
if [ -z "${TRIBUTARY_REAL_DATA:-}" ] && [ -d ../shared/data ]; then
  TRIBUTARY_REAL_DATA=$(cd ../shared/data && pwd)
fi
if [ -n "${TRIBUTARY_REAL_DATA:-}" ]; then
  export TRIBUTARY_REAL_DATA
else
  say "#### NO REAL DATA: TRIBUTARY_REAL_DATA is not set and ../shared/data is not there; the real-data lane is left out. ####"
  lanes=("${lanes[@]/real-data/}")
fi

passed=0 failed=0
failures=()
logs=() # of the checks that failed
# tell_failures LOG: which tests failed and what each expected, wherever in the log that stands.
tell_failures() {
  grep -E -A 12 ': Failure$|^==[0-9]+==ERROR|: runtime error: |Sanitizer: ' "$1" | head -n 150 || true
  grep -E '^\[  FAILED  \] [^ ]+\.[^ ]+' "$1" | sort -u || true
}

# run NAME COMMAND...: one check, timed; when it fails, what failed in it is shown, now and once more at the end.
run() {
  local name=$1 start=$SECONDS log=$TRIBUTARY_VAR/test/$1.log
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    say "pass  $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    failures+=("$name")
    logs+=("$log")
    say "FAIL  $name ($((SECONDS - start)) s); the end of $log:"
    tail -n 40 "$log" >&2
    tell_failures "$log" >&2
  fi
}

# run_ctest BUILD LABEL [PREFIX]: each test binary of a lane is a check, named PREFIX.LABEL.BINARY.
run_ctest() {
  local build=$1 label=$2 prefix=${3:-${1##*/}} name
  local -a names
  mapfile -t names < <(ctest --test-dir "$build" -N -L "^$label\$" | sed -n 's/^ *Test *#[0-9]*: //p')
  if [ ${#names[@]} -eq 0 ]; then
    failed=$((failed + 1))
    failures+=("$label (no test)")
    say "FAIL  lane $label has no test"
    return
  fi
  for name in "${names[@]}"; do
    run "$prefix.$label.$name" ctest --test-dir "$build" --output-on-failure -R "^$name\$" -L "^$label\$"
  done
}

say "== build"
build_start=$SECONDS
bash scripts/build.sh dev
say "built in $((SECONDS - build_start)) s"

# The suites that meet a database, on another one than MariaDB alone.
left_out=()
compat() { # mysql or galera
  local label database log=$TRIBUTARY_VAR/test/compat.$1.log
  say "== compat: $1"
  if ! database=$(bash scripts/compat.sh "$1" 2>"$log"); then
    tail -n 5 "$log" >&2
    say "#### LEFT OUT: the compat lane on $1, which cannot be had here; see $log ####"
    left_out+=("compat on $1")
    return
  fi
  for label in "compat-$1" store integration; do
    TRIBUTARY_TEST_DATABASE=$database run_ctest build/dev "$label" "$1"
  done
}

# Sanitized code is compiled while the tests of whole suites wait for one another, with what they leave of the machine.
sanitized=
compile_sanitized() {
  [ "$only" -eq 0 ] && [ -z "$full" ] && [ -z "$sanitized" ] || return 0
  nice -n 19 bash scripts/build.sh asan proto_free_test >"$TRIBUTARY_VAR/test/asan.build.log" 2>&1 &
  sanitized=$!
}

for lane in "${lanes[@]}"; do
  [ "$lane" != e2e ] || compile_sanitized
  case "$lane" in
    '') ;;
    compat) for product in mysql galera; do compat "$product"; done ;;
    *)
      say "== $lane"
      run_ctest build/dev "$lane"
      ;;
  esac
done

# The folders that include no proto, under address and undefined-behaviour sanitizers.
sanitize() { # preset, target, labels...
  local preset=$1 target=$2 label
  shift 2
  say "== $preset"
  if ! bash scripts/build.sh "$preset" "$target"; then
    failed=$((failed + 1))
    failures+=("$preset build")
    return
  fi
  for label in "$@"; do run_ctest "build/$preset" "$label"; done
}
if [ "$only" -eq 0 ]; then
  if [ -z "$full" ]; then
    wait "$sanitized" || true # what it says, the build below says again
    sanitize asan proto_free_test proto-free
  else
    sanitize asan all proto-free unit property store integration
    sanitize tsan proto_free_test proto-free
    say "== fuzz"
    run fuzz.build bash scripts/build.sh fuzz fuzzers
    run_ctest build/fuzz fuzz
    say "== fault"
    run_ctest build/dev fault
    for product in mysql galera; do compat "$product"; done
  fi
fi

for log in "${logs[@]}"; do
  say "== what failed in $log"
  tell_failures "$log" >&2
done
[ ${#failures[@]} -eq 0 ] || printf 'failed: %s\n' "${failures[@]}" >&2
[ ${#left_out[@]} -eq 0 ] || printf 'left out: %s\n' "${left_out[@]}" >&2
[ $((passed + failed)) -gt 0 ] || die "no test ran"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
