#!/bin/bash
# Measures EdgeProxy beside nginx, HAProxy, h2o and Varnish on this machine and prints a Markdown table (the progress goes to stderr):
#
#   perf/compare/run.sh                      every row, some fifteen minutes
#   perf/compare/run.sh --quick              every row in short rounds, rough figures
#   perf/compare/run.sh proxy-1k latency     these rows
#   perf/compare/run.sh --help               the rows and the other options
#
# Needs a Debian machine with the .NET SDK and two processors; installs the rest itself when run as root.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/deploy/packages.sh"
source "$root/perf/native.sh"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

require_dotnet
require_packages clang zlib1g-dev nginx-light haproxy varnish h2o nghttp2-client openssl util-linux

# For the rows template and lambda-node: other template engines, and Node.js to run functions.
require_node
require_packages openjdk-17-jdk-headless velocity libcommons-collections3-java libcommons-lang-java libjson-smart-java
[ -d "$root/perf/compare/template/node_modules/velocityjs" ] || npm ci --prefix "$root/perf/compare/template" --ignore-scripts --no-audit --no-fund --silent >&2

native_load

# The engines on their own, compiled as the product is.
native engines "$root/perf/EdgeProxy.Engines" "$root/perf/EdgeProxy.Engines" "$root/perf/EdgeProxy.Benchmarks/Gateway/OrderModel.cs" "$root/src" "$root/tests/EdgeProxy.TestKit" ||
  echo "The engines could not be published." >&2

# The binary under test, when it can be built. A failure is said aloud and leaves the other two.
"$root/deploy/run.sh" version > /dev/null || echo "EdgeProxy could not be published." >&2

cd "$root"
# The routes row asks the benchmarks.
dotnet build perf/EdgeProxy.Benchmarks -c Release -v quiet -nologo > /dev/null || echo "The benchmarks could not be built." >&2

status=0
"$root/artifacts/load/edgeproxy-load" compare "$@" || status=$?
echo >&2
echo "$(grep -m 1 'model name' /proc/cpuinfo | cut -d : -f 2 | xargs), $(nproc) processors, Linux $(uname -r), $(date -u +%F)" >&2
exit $status
