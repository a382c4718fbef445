#!/bin/bash
# Builds and runs every test; the last line is `N passed, N failed` over all of them, and the exit status tells too.
#
#   tests/run.sh           everything, also against the published binary, with real clients
#   tests/run.sh --quick   the unit tests only
#
# Needs a Debian machine with the .NET SDK; installs the rest itself when run as root.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
source deploy/packages.sh
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

quick=
case "${1:-}" in
  '') ;;
  --quick) quick=1 ;;
  *) echo "usage: tests/run.sh [--quick]" >&2; exit 2 ;;
esac

passed=0 failed=0 skipped=0 notes=()
results=artifacts/tests
mkdir -p "$results"
rm -f "$results"/*.trx "$results"/differential-*.md # of an earlier run, which must not be told as this one's

finish() {
  local line="$passed passed, $failed failed"
  # What failed stands far above by now.
  [ ${#notes[@]} -eq 0 ] || printf '%s\n' '' "${notes[@]}"
  [ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
  echo
  echo "$line"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# step NAME COMMAND...: runs it and says how long it took. Its status is the command's.
step() {
  local name=$1 started=$SECONDS status=0
  shift
  echo "--- $name"
  "$@" < /dev/null || status=$?
  echo "--- $name: $((SECONDS - started)) s$([ $status -eq 0 ] || echo ", status $status")"
  return $status
}

# Registries fail now and then: three tries, with a pause between.
patiently() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    [ $try -eq 3 ] && return 1
    echo "failed: $*; once more in $((try * 5)) s" >&2
    sleep $((try * 5))
  done
}

# packages_of FOLDER: what its package-lock.json names; asks no registry when that is there already.
packages_of() {
  local wanted stamp="$1/node_modules/.installed"
  wanted="$(sha256sum < "$1/package-lock.json") $(node --version)"
  [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ] && return 0
  patiently npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --silent && echo "$wanted" > "$stamp"
}

# Nothing can be tested without it, so a failure here ends the run.
needed() { step "$@" || { failed=$((failed + 1)); notes+=("failed: $1"); finish; }; }

# check NAME COMMAND...: a whole program that counts as one test.
check() {
  if step "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); notes+=("failed: $1"); fi
}

counter() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" 2> /dev/null | head -1; }

# The names of the tests that failed, without the arguments of theories.
failures() {
  sed -n 's/.*<UnitTestResult [^>]*\btestName="\([^"]*\)"[^>]*\boutcome="Failed".*/\1/p' "$1" 2> /dev/null | sed 's/(.*//' | sort -u
}

# A machine that stands still for a second fails a test that the code did not. A few that failed run once more, each of them by itself;
# one that passes then is told as unsteady at the end. What is broken fails again.
again() {
  local name=$1 trx=$2 test most=3
  local -a tests
  mapfile -t tests < <(failures "$trx")
  [ ${#tests[@]} -gt 0 ] && [ ${#tests[@]} -le $most ] || { for test in "${tests[@]:0:20}"; do notes+=("failed: $test"); done; return 1; }
  local status=0
  for test in "${tests[@]}"; do
    if step "$test, again" dotnet test "tests/$name" -c Release --no-build --nologo -v quiet --filter "FullyQualifiedName=$test" --logger "console;verbosity=minimal"; then
      notes+=("unsteady: $test failed and then passed by itself")
    else
      notes+=("failed: $test, twice") status=1
    fi
  done
  return $status
}

# assembly NAME: runs one test project and adds its counts. One that ran nothing, whose host died, or that came to no end, has failed.
assembly() {
  local name=$1 trx="$results/$1.trx" status=0 ok bad all
  rm -f "$trx"
  step "$name" timeout --foreground --kill-after=60 45m dotnet test "tests/$name" -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$root/$trx" --logger "console;verbosity=minimal" || status=$?
  ok=$(counter "$trx" passed) bad=$(counter "$trx" failed) all=$(counter "$trx" total)
  ok=${ok:-0} bad=${bad:-0} all=${all:-0}
  if [ $((ok + bad)) -eq 0 ]; then
    echo "$name ran no test" >&2
    bad=1 all=1
  elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$name ended with status $status although no test failed" >&2
    bad=1 all=$((all + 1))
  elif [ "$bad" -gt 0 ] && again "$name" "$trx"; then
    ok=$((ok + bad)) bad=0
  fi
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + all - ok - bad))
}

needed ".NET SDK" require_dotnet
if [ -n "$quick" ]; then
  needed restore patiently dotnet restore tests/EdgeProxy.Tests -v quiet
  needed build dotnet build tests/EdgeProxy.Tests -c Release --no-restore --nologo -v quiet
  assembly EdgeProxy.Tests
  finish
fi

needed packages patiently require_packages clang lld libssl-dev zlib1g-dev libsqlite3-dev libzstd-dev cmake \
  curl prometheus strace systemd nginx-light haproxy awscli
needed node require_node
needed grpc-js packages_of tests/EdgeProxy.Scenarios.Tests/Grpc/node
needed aws-sdk packages_of tests/EdgeProxy.Scenarios.Tests/Management/node
needed restore patiently dotnet restore EdgeProxy.sln -v quiet
needed build dotnet build EdgeProxy.sln -c Release --no-restore --nologo -v quiet
needed publish deploy/run.sh version
needed bootstrap dotnet publish tests/EdgeProxy.Bootstrap -c Release -o artifacts/bootstrap --nologo -v quiet
assembly EdgeProxy.Tests
assembly EdgeProxy.Conformance.Tests
check fuzz dotnet tests/EdgeProxy.Fuzz/bin/Release/net9.0/EdgeProxy.Fuzz.dll run --seconds 60 --seed 1
export EDGEPROXY_BINARY="$root/artifacts/edgeproxy"
assembly EdgeProxy.Scenarios.Tests
cat "$results"/differential-*.md # who took which odd request: EdgeProxy, nginx, HAProxy
check load dotnet perf/EdgeProxy.Load/bin/Release/net9.0/edgeproxy-load.dll scenario plain --rate 200 --duration 3 --warm-up 0.5 --report "$results/load" # counts, no times
check budgets bash perf/check-budgets.sh
finish
