#!/bin/bash
# Writes the container image as a tar that `podman load`, `docker load` and `skopeo copy oci-archive:...` read, from the
# static binary and nothing else: no container tool is needed, and the same binary gives the same bytes.
#
#   deploy/container/image.sh [OUT.tar]      default artifacts/edgeproxy.oci.tar
#
# EDGEPROXY_BINARY names another binary than artifacts/edgeproxy, SOURCE_DATE_EPOCH another date than 1970.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/deploy/container
binary=${EDGEPROXY_BINARY:-$root/artifacts/edgeproxy}
out=${1:-$root/artifacts/edgeproxy.oci.tar}
epoch=${SOURCE_DATE_EPOCH:-0}

[ -x "$binary" ] || { echo "There is no binary at $binary; deploy/run.sh version publishes it." >&2; exit 1; }
if command -v file > /dev/null && ! file -L "$binary" | grep -q -e 'statically linked' -e 'static-pie'; then
  echo "$binary is not statically linked; it cannot run in an image that holds nothing else." >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The files of the image. Only the data directory belongs to the user that runs in it; tar writes owners by number, so
# that this needs no root.
mkdir -p "$work/rootfs/etc/edgeproxy" "$work/rootfs/var/lib/edgeproxy" "$work/rootfs/tmp" "$work/layout/blobs/sha256"
install -m 0755 "$binary" "$work/rootfs/edgeproxy"
install -m 0644 "$here/passwd" "$here/group" "$work/rootfs/etc/"
chmod 0755 "$work/rootfs" "$work/rootfs/etc" "$work/rootfs/etc/edgeproxy" "$work/rootfs/var" "$work/rootfs/var/lib"
chmod 0700 "$work/rootfs/var/lib/edgeproxy"
chmod 1777 "$work/rootfs/tmp"

same_bytes=(--format=ustar --numeric-owner "--mtime=@$epoch" --no-recursion)
tar -C "$work/rootfs" "${same_bytes[@]}" --owner=0 --group=0 -cf "$work/layer.tar" \
  edgeproxy etc etc/edgeproxy etc/group etc/passwd tmp var var/lib
tar -C "$work/rootfs" "${same_bytes[@]}" --owner=65532 --group=65532 -rf "$work/layer.tar" var/lib/edgeproxy

digest() { sha256sum "$1" | cut -d ' ' -f 1; }
size() { stat -c %s "$1"; }

# blob FILE: moves it to its place by content and prints its digest.
blob() {
  local sum
  sum=$(digest "$1")
  mv "$1" "$work/layout/blobs/sha256/$sum"
  echo "$sum"
}

layer_id=$(digest "$work/layer.tar")
gzip -9n "$work/layer.tar"
layer_size=$(size "$work/layer.tar.gz")
layer=$(blob "$work/layer.tar.gz")

created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
revision=$(git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown)
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")

# Healthcheck is not in the OCI image specification but in the format it grew from; runtimes that know it honour it, the
# others pass over it. Times are nanoseconds.
cat > "$work/config.json" <<JSON
{
  "created": "$created",
  "architecture": "amd64",
  "os": "linux",
  "config": {
    "User": "65532:65532",
    "ExposedPorts": { "8080/tcp": {}, "9080/tcp": {} },
    "Entrypoint": ["/edgeproxy"],
    "Cmd": ["run", "-c", "/etc/edgeproxy/edgeproxy.yaml"],
    "WorkingDir": "/var/lib/edgeproxy",
    "Volumes": { "/var/lib/edgeproxy": {} },
    "StopSignal": "SIGTERM",
    "Healthcheck": {
      "Test": ["CMD", "/edgeproxy", "health"],
      "Interval": 10000000000,
      "Timeout": 2000000000,
      "StartPeriod": 5000000000,
      "Retries": 3
    },
    "Labels": {
      "org.opencontainers.image.title": "EdgeProxy",
      "org.opencontainers.image.description": "An API gateway in one static binary",
      "org.opencontainers.image.version": "$version",
      "org.opencontainers.image.revision": "$revision"
    }
  },
  "rootfs": { "type": "layers", "diff_ids": ["sha256:$layer_id"] },
  "history": [{ "created": "$created", "created_by": "deploy/container/image.sh" }]
}
JSON
config_size=$(size "$work/config.json")
config=$(blob "$work/config.json")

cat > "$work/manifest.json" <<JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.oci.image.config.v1+json",
    "digest": "sha256:$config",
    "size": $config_size
  },
  "layers": [
    {
      "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
      "digest": "sha256:$layer",
      "size": $layer_size
    }
  ]
}
JSON
manifest_size=$(size "$work/manifest.json")
manifest=$(blob "$work/manifest.json")

echo '{ "imageLayoutVersion": "1.0.0" }' > "$work/layout/oci-layout"
cat > "$work/layout/index.json" <<JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [
    {
      "mediaType": "application/vnd.oci.image.manifest.v1+json",
      "digest": "sha256:$manifest",
      "size": $manifest_size,
      "platform": { "architecture": "amd64", "os": "linux" },
      "annotations": { "org.opencontainers.image.ref.name": "$version", "io.containerd.image.name": "edgeproxy:$version" }
    }
  ]
}
JSON
# The same blobs by the name that `docker load` looks for.
cat > "$work/layout/manifest.json" <<JSON
[{ "Config": "blobs/sha256/$config", "RepoTags": ["edgeproxy:$version"], "Layers": ["blobs/sha256/$layer"] }]
JSON

mkdir -p "$(dirname "$out")"
tar -C "$work/layout" --format=ustar --numeric-owner --owner=0 --group=0 "--mtime=@$epoch" --sort=name -cf "$work/image.tar" \
  oci-layout index.json manifest.json blobs
mv "$work/image.tar" "$out"
echo "$out"
