#!/bin/bash
# Publishes the static binary to artifacts/edgeproxy if the sources changed, then
#
#   deploy/run.sh          starts a sample backend and serves the example APIs until Ctrl-C
#   deploy/run.sh ARGS     runs the binary with these arguments (deploy/run.sh version)
#
# Needs a Debian machine with the .NET SDK; installs the rest itself when run as root.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/deploy/packages.sh"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

# What the linked binary depends on, by content: a checkout, a rebase or a touch that changes nothing costs nothing.
source_hash() {
  (
    cd "$root"
    if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
      git ls-files -z --cached --others --exclude-standard -- \
        src ':!*.md' Directory.Build.props Directory.Packages.props global.json
    else
      find src Directory.Build.props Directory.Packages.props global.json \
        \( -name bin -o -name obj \) -prune -o -type f ! -name '*.md' -print0
    fi | LC_ALL=C sort -zu | while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done | xargs -0 sha256sum
    dotnet --version
  ) | sha256sum | cut -d ' ' -f 1
}

publish() {
  mkdir -p "$root/artifacts"
  # One publisher at a time: two would write the same intermediate files.
  exec 9> "$root/artifacts/.publish.lock"
  flock 9

  local hash stamp="$root/artifacts/edgeproxy.sources"
  hash=$(source_hash)
  if [ ! -x "$root/artifacts/edgeproxy" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ]; then
    echo "Publishing artifacts/edgeproxy" >&2
    rm -f "$stamp"
    # The C code of .NET's own OpenSSL shim is not ours to warn about. A compiler server left behind must not hold the lock.
    (cd "$root" && CFLAGS=-w dotnet publish src/EdgeProxy -c Release -v quiet -nologo >&2 9>&-)
    # A rename, because a node that still runs the old file must not see it change under it.
    cp "$root"/src/EdgeProxy/bin/Release/*/linux-x64/publish/edgeproxy "$root/artifacts/.edgeproxy.new"
    mv -f "$root/artifacts/.edgeproxy.new" "$root/artifacts/edgeproxy"
    # Resolves the addresses of stack traces: addr2line -e artifacts/edgeproxy.dbg ADDRESS
    cp "$root"/src/EdgeProxy/bin/Release/*/linux-x64/publish/edgeproxy.dbg "$root/artifacts/edgeproxy.dbg"
    echo "$hash" > "$stamp"
  fi
  exec 9>&-
}

# Prints the port on its first line and serves until it is stopped.
start_backend() {
  (cd "$root" && dotnet build perf/EdgeProxy.Load -c Release -v quiet -nologo -clp:NoSummary >&2)
  coproc BACKEND { exec dotnet "$root"/perf/EdgeProxy.Load/bin/Release/*/edgeproxy-load.dll backend --port 0; }
  backend_pid=$BACKEND_PID
  local line
  IFS= read -r -t 30 line <&"${BACKEND[0]}" || { echo "The sample backend did not start." >&2; return 1; }
  [[ $line =~ ([0-9]+)[^0-9]*$ ]] || { echo "The sample backend said '$line' where its port was expected." >&2; return 1; }
  backend_port=${BASH_REMATCH[1]}
}

stop() {
  local pid
  for pid in ${edgeproxy_pid:-} ${backend_pid:-}; do kill -TERM "$pid" 2> /dev/null || true; done
  for pid in ${edgeproxy_pid:-} ${backend_pid:-}; do wait "$pid" 2> /dev/null || true; done
}

require_dotnet
require_packages clang lld libssl-dev zlib1g-dev libsqlite3-dev libzstd-dev cmake
publish

if [ $# -gt 0 ]; then
  exec "$root/artifacts/edgeproxy" "$@"
fi

trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start_backend
data=http://127.0.0.1:8080
PETSTORE_BACKEND="127.0.0.1:$backend_port" \
  "$root/artifacts/edgeproxy" run -c "$root/deploy/examples/edgeproxy.yaml" --listen "$data" &
edgeproxy_pid=$!

# The binary's own question, so that the URLs are printed when they work and not before.
until "$root/artifacts/edgeproxy" health > /dev/null 2>&1; do
  kill -0 "$edgeproxy_pid" 2> /dev/null || { wait "$edgeproxy_pid"; exit; }
  sleep 0.05
done

cat <<URLS

EdgeProxy serves the example APIs of deploy/examples. Try:

  curl -i $data/petstore/health                 a mock: answered by the gateway itself
  curl -i $data/petstore/pets                   proxied to the sample backend on port $backend_port
  curl -i $data/petstore/pets/1                 a path parameter, mapped into the backend's path
  curl -i -d '{"name":"Rex"}' $data/petstore/pets
  curl -i $data/functions/hello/Ada?a=1         a Lambda function in Node.js, run by the node
  curl -i -H 'Content-Type: application/json' -d '{"name":"Ada"}' $data/functions/greetings
  curl -N $data/functions/count                 a function whose answer streams
  curl -i $data/petstore/nowhere                no such route: 403 Missing Authentication Token
  curl -i $data/many/group-12/item-3            one of 500 routes
  curl -s http://127.0.0.1:9080/metrics         Prometheus metrics of the node
  curl -i http://127.0.0.1:9080/readyz

Ctrl-C drains and stops both.
URLS
wait "$edgeproxy_pid"
