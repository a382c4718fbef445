// Calls operations of the management APIs with the SDK's own clients, one line of JSON a call:
//   {"service": "v1" | "v2", "command": "CreateRestApi", "input": {...}}  ->  {"value": {...}} or {"error": {name, status, message, isModelled, ...}}
// Input texts that begin with "bytes:" are sent as bytes. The first argument is the endpoint, the next the region.
'use strict';
const readline = require('readline');
const services = { v1: require('@aws-sdk/client-api-gateway'), v2: require('@aws-sdk/client-apigatewayv2') };

const [endpoint, region] = process.argv.slice(2);
const options = { endpoint, region, maxAttempts: 1 };
const clients = { v1: new services.v1.APIGatewayClient(options), v2: new services.v2.ApiGatewayV2Client(options) };

function given(value) {
  if (typeof value === 'string' && value.startsWith('bytes:')) return Buffer.from(value.slice('bytes:'.length), 'utf8');
  if (Array.isArray(value)) return value.map(given);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, given(member)]));
  return value;
}

function shown(value) {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(shown);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shown(member)]));
  return value;
}

async function call({ service, command, input }) {
  const Command = services[service][`${command}Command`];
  if (!Command) return { error: { name: 'NoSuchCommand', status: 0, message: command } };
  try {
    const { $metadata, ...value } = await clients[service].send(new Command(given(input)));
    return { status: $metadata.httpStatusCode, requestId: $metadata.requestId, value: shown(value) };
  } catch (error) {
    const { $metadata, $response, $fault, $service, ...members } = error;
    const Modelled = services[service][error.name];
    return { error: { ...members, name: error.name, status: $metadata?.httpStatusCode ?? 0, requestId: $metadata?.requestId ?? '', message: error.message, isModelled: Boolean(Modelled) && error instanceof Modelled } };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await call(JSON.parse(line))) + '\n');
  }
})();
