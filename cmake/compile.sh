#!/bin/sh
# compile.sh ROOT CCACHE COMPILER ARGUMENTS...: the compiler behind its cache. A precompiled header holds the absolute
# paths of what went into it, so that no other clone could use what was kept of it, nor of a source that includes it. So
# it is compiled in each clone, and a source is kept under what went into the header (.sum) instead of under the header.
root=$1 ccache=$2
shift 2
for argument; do # the header's own path, which the cache leaves as it is, as seen from the build folder
  shift
  case $argument in
    "$PWD"/*/cmake_pch.hxx) set -- "$@" "${argument#"$PWD"/}" ;;
    *) set -- "$@" "$argument" ;;
  esac
done
case " $* " in
  *" c++-header "*) "$@" || exit ;;
  *) CCACHE_PCH_EXTSUM=1 exec "$ccache" "$@" ;;
esac

# The same command, which only tells what the compiler sees.
next=
for argument; do
  shift
  case "$next$argument" in
    -o | -MT | -MF) next=$argument ;;
    -o*) output=$argument next= ;;
    -MT* | -MF*) next= ;;
    -c | -MD | -fpch-preprocess) ;;
    -emit-pch) set -- "$@" -E ;; # what comes behind its -Xclang is the action
    *) set -- "$@" "$argument" ;;
  esac
done
"$@" -E | sed "s#$root/##g" | sha256sum >"$output.sum"
