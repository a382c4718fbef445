#!/bin/bash
# Runs a load scenario against a node of this machine; exit status 1 when what the scenario expects does not hold:
#
#   perf/load.sh plain                                  starts a node and a backend with the right configuration
#   perf/load.sh throttled --duration 60 --report DIR   with HTML, CSV and JSON in DIR
#   perf/load.sh plain --url http://127.0.0.1:8080      a node that runs; it has to serve perf/scenarios/load.openapi.yaml
#   perf/load.sh --help                                 the scenarios and the other options
#
# Needs a Debian machine with the .NET SDK; installs the rest itself when run as root.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/deploy/packages.sh"
source "$root/perf/native.sh"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

require_dotnet
require_packages clang zlib1g-dev
native_load
options=(--configurations "$root/perf/scenarios")
case " $* " in
  *' --url'* | *' --edgeproxy'* | *' --help '*) ;;
  *)
    "$root/deploy/run.sh" version > /dev/null
    options+=(--edgeproxy "$root/artifacts/edgeproxy")
    ;;
esac
exec "$root/artifacts/load/edgeproxy-load" scenario "${options[@]}" "$@"
