#!/usr/bin/env bash
# The main job on the sample channel, or on --data DIR; --once ends the suite afterwards.
. "$TRIBUTARY_ROOT/scripts/common.sh"
data='' once=
while [ $# -gt 0 ]; do
  case "$1" in
    --data)
      [ $# -ge 2 ] || die "--data wants a folder"
      data=$2
      shift 2
      ;;
    --data=*)
      data=${1#--data=}
      shift
      ;;
    --once)
      once=1
      shift
      ;;
    *) die "demo: got '$1', want --data DIR or --once" ;;
  esac
done

if [ -n "$data" ]; then
  [ -d "$data" ] || die "--data: there is no folder $data"
  data=$(cd "$data" && pwd)
  dataset=$(basename "$data")
  [ -f "cli/mappings/$dataset/demo.yaml" ] ||
    die "--data: there are no mappings for $dataset; known: $(cd cli/mappings && echo */)"
else
  dataset=sample
fi
[ -n "${TRIBUTARY_BIN:-}" ] || bash scripts/build.sh dev

# What a demo has loaded is the demo's own to throw away; anything else is not.
marker=$TRIBUTARY_VAR/demo/dataset
if [ -f "$TRIBUTARY_VAR/mysql/installed" ]; then
  if [ ! -f "$marker" ]; then
    TRIBUTARY_BIN=$BIN bash scripts/up.sh >/dev/null
    [ "$("$BIN/tributaryctl" -o csv list partners --limit 1 | wc -l)" -eq 0 ] ||
      die "the suite in $TRIBUTARY_VAR holds data that no demo has loaded; ./dev clean deletes it, TRIBUTARY_VAR names another place"
  elif [ "$(cat "$marker")" != "$dataset" ]; then
    say "deleting what the demo on $(cat "$marker") has stored"
    bash scripts/down.sh
    rm -rf "$TRIBUTARY_VAR/mysql" "$TRIBUTARY_VAR/demo"
  fi
fi

end() { [ -z "$once" ] || bash scripts/down.sh; }
trap end EXIT

mkdir -p "$TRIBUTARY_VAR/demo"
echo "$dataset" >"$marker"
TRIBUTARY_BIN=$BIN bash scripts/up.sh
if [ "$dataset" = sample ]; then
  data=$TRIBUTARY_VAR/demo/sample
  "$BIN/tributaryctl" sample --out "$data"
fi
"$BIN/tributaryctl" demo --dataset "$dataset" --data "$data" --summary "$TRIBUTARY_VAR/demo/summary.json"

if [ -z "$once" ]; then
  gateway=http://127.0.0.1:$(port_of gateway)
  cat <<TEXT

The suite stays up. Try:
  build/dev/bin/tributaryctl list partners --limit 5
  build/dev/bin/tributaryctl list findings
  TOKEN=\$(build/dev/bin/tributaryctl token --role AUDITOR)
  curl -s -H "Authorization: Bearer \$TOKEN" "$gateway/v1/partners?pageSize=2"
./dev status shows what runs; ./dev down ends it.
TEXT
fi
