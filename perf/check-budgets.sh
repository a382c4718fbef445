#!/bin/bash
# Runs the benchmarks that perf/budgets.json names, briefly, and fails when one allocates more than it may.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

cd "$root"
dotnet build perf/EdgeProxy.Benchmarks -c Release -v quiet -nologo >&2
exec dotnet perf/EdgeProxy.Benchmarks/bin/Release/*/EdgeProxy.Benchmarks.dll check-budgets perf/budgets.json
