# Debian packages that the commands of this repository need. Sourced, never run:
#
#   require_packages clang lld ...
#
# installs those that are missing as root, or names them and fails. When nothing is missing it asks no registry, so
# that a second run costs nothing.

require_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing: ${missing[*]}" >&2
    echo "Install them with: sudo apt-get install ${missing[*]}" >&2
    return 1
  fi

  echo "Installing ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # The services that some packages bring (Prometheus) are not wanted here, only their programs.
  export RUNLEVEL=1
  # Something else may be installing, as a machine does after its start: wait for it.
  apt-get update -qq -o Acquire::Retries=3 >&2 &&
    apt-get install -y -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 --no-install-recommends "${missing[@]}" >&2 < /dev/null
}

require_dotnet() {
  command -v dotnet > /dev/null && return 0
  echo "The .NET SDK (global.json names the version) is missing; install it and run this again." >&2
  return 1
}

# Node.js with npm, wherever they come from: packages from elsewhere than Debian bring both in one and refuse Debian's npm beside them.
require_node() {
  command -v node > /dev/null && command -v npm > /dev/null && return 0
  require_packages nodejs npm
}
