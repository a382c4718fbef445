# Publishing native binaries for measurements. Sourced, never run; $root is the repository:
#
#   native NAME PROJECT SOURCES...
#
# publishes a project as a native binary to artifacts/NAME, if its sources are not those of the last time.

native() {
  local name=$1 project=$2 sources stamp=$root/artifacts/$1.sources
  shift 2
  sources=$(find "$@" \( -name bin -o -name obj \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  [ -d "$root/artifacts/$name" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$sources" ] && return 0
  echo "Publishing artifacts/$name" >&2
  dotnet publish "$project" -c Release -r linux-x64 -o "$root/artifacts/$name" -v quiet -nologo >&2 || return
  mkdir -p "$root/artifacts"
  echo "$sources" > "$stamp"
}

# The load tool as a native binary: it shares the machine with what it measures, so it has to be cheap from the first request.
native_load() { native load "$root/perf/EdgeProxy.Load" "$root/perf/EdgeProxy.Load" "$root/Directory.Packages.props"; }
