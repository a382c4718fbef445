#!/bin/bash
# Makes an authority with a server's and a client's certificate and serves the pet store with them until Ctrl-C:
#
#   https://api.localhost:8443       any client
#   https://partners.localhost:8443  clients with a certificate of the authority
#
# Everything is in one folder, which the first argument may name. Replace the files of a certificate while the node runs, and new
# handshakes use the new one.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder/certificates"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# certificate NAME SUBJECT EXTENSIONS: one issued by the authority, as NAME.crt and NAME.key.
certificate() {
  key "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf '%s\n' "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial -days 30 -sha256 -extfile "$1.ext" -out "$1.crt" 2> /dev/null
  rm "$1.csr" "$1.ext"
}

key "$folder/ca.key"
openssl req -x509 -new -key "$folder/ca.key" -subj /CN=Authority -days 365 -sha256 -out "$folder/ca.crt"
certificate "$folder/certificates/localhost" /CN=api.localhost "subjectAltName=DNS:api.localhost,DNS:partners.localhost"
cat "$folder/ca.crt" >> "$folder/certificates/localhost.crt"
certificate "$folder/client" /CN=partner "extendedKeyUsage=clientAuth"

cat > "$folder/edgeproxy.yaml" << YAML
listeners:
  - url: https://127.0.0.1:8443
tls:
  certificatesFolder: certificates
domains:
  - name: partners.localhost
    mutualTls: {truststore: ca.crt}
apis:
  - file: $root/deploy/examples/petstore.openapi.yaml
    domains: [api.localhost, partners.localhost]
    basePath: /
    stageVariables: {backend: 127.0.0.1:9000}
YAML

cat << TRY
Try, from a second terminal:

  curl -i --cacert $folder/ca.crt https://api.localhost:8443/health
  curl -i --cacert $folder/ca.crt https://partners.localhost:8443/health
  curl -i --cacert $folder/ca.crt --cert $folder/client.crt --key $folder/client.key https://partners.localhost:8443/health

TRY
exec "$root/artifacts/edgeproxy" run -c "$folder/edgeproxy.yaml" --admin off
