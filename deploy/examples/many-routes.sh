#!/bin/bash
# Writes many-routes.openapi.yaml: 500 routes on 250 paths, to see how the router, the metrics and a reload take a large
# document.
#
#   deploy/examples/many-routes.sh > deploy/examples/many-routes.openapi.yaml
set -euo pipefail

cat <<'YAML'
# Made by many-routes.sh; change that instead.
openapi: 3.0.3
info:
  title: ManyRoutes
  version: "1.0"
servers:
  - url: http://localhost:8080/{basePath}
    variables:
      basePath:
        default: /many
paths:
YAML

mock() {
  printf '{type: mock, requestTemplates: {application/json: "{\\"statusCode\\": %s}"}, responses: {default: {statusCode: "%s"}}}' "$1" "$1"
}

for group in $(seq 1 25); do
  for item in $(seq 1 5); do
    path=/group-$group/item-$item
    cat <<YAML
  $path:
    get: {responses: {"200": {description: ok}}, x-amazon-apigateway-integration: $(mock 200)}
    post: {responses: {"202": {description: accepted}}, x-amazon-apigateway-integration: $(mock 202)}
  $path/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: ok}}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://\${stageVariables.backend}$path/{id}", requestParameters: {integration.request.path.id: method.request.path.id}}}
    delete: {responses: {"204": {description: gone}}, x-amazon-apigateway-integration: $(mock 204)}
YAML
  done
done
