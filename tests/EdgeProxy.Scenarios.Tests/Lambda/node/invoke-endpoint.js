// An Invoke API that is not ours. It checks signatures by the rules of the service and answers by the function's name:
//   proxy    a result for AWS_PROXY that tells the event
//   echo     the event
//   fails    a function's error
//   busy     429
//   stream   two chunks, by response-streaming-invocations
'use strict';
const crypto = require('crypto');
const http = require('http');
const zlib = require('zlib');

const [keyId, secret] = process.argv.slice(2);
const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

function signatureIsRight(request, body) {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/lambda\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '');
  if (!match || match[1] !== keyId) return false;
  const [, , day, region, signed, signature] = match;
  if (Math.abs(Date.now() - Date.parse(request.headers['x-amz-date'].replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))) > 300_000) return false;
  const [path, query = ''] = request.url.split('?');
  const canonical = [
    request.method,
    path.split('/').map(encode).join('/'),
    query.split('&').filter(Boolean).map((pair) => pair.split('=').map((part) => encode(decodeURIComponent(part))).join('=')).sort().join('&'),
    ...signed.split(';').map((name) => `${name}:${request.headers[name].trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    sha256(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], `${day}/${region}/lambda/aws4_request`, sha256(canonical)].join('\n');
  const key = ['aws4_request'].reduce(hmac, [day, region, 'lambda'].reduce(hmac, 'AWS4' + secret));
  return hmac(key, text).toString('hex') === signature;
}

function message(type, payload) {
  const headers = Buffer.concat([[':event-type', type], [':message-type', 'event']].map(([name, value]) => {
    const head = Buffer.from([name.length, ...Buffer.from(name), 7, 0, value.length]);
    return Buffer.concat([head, Buffer.from(value)]);
  }));
  const whole = Buffer.alloc(16 + headers.length + payload.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(headers.length, 4);
  whole.writeUInt32BE(zlib.crc32(whole.subarray(0, 8)), 8);
  headers.copy(whole, 12);
  Buffer.from(payload).copy(whole, 12 + headers.length);
  whole.writeUInt32BE(zlib.crc32(whole.subarray(0, whole.length - 4)), whole.length - 4);
  return whole;
}

const server = http.createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const fail = (status, name) => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'x-amzn-ErrorType': name });
    response.end(JSON.stringify({ Type: 'User', message: name }));
  };
  if (!signatureIsRight(request, body)) return fail(403, 'InvalidSignatureException');
  const name = decodeURIComponent(request.url.split('/')[3]).split(':').pop();
  const head = { 'Content-Type': 'application/json', 'x-amzn-RequestId': 'r-1', 'X-Amz-Executed-Version': '$LATEST' };
  if (request.url.startsWith('/2021-11-15/') && name === 'stream') {
    response.writeHead(200, { ...head, 'Content-Type': 'application/vnd.amazon.eventstream' });
    response.write(message('PayloadChunk', '{"statusCode":201,"headers":{"x-mode":"stream"}}\0\0\0\0\0\0\0\0first '));
    setTimeout(() => response.end(Buffer.concat([message('PayloadChunk', 'second'), message('InvokeComplete', '{}')])), 50);
  } else if (name === 'proxy') {
    const event = JSON.parse(body);
    response.writeHead(200, head);
    response.end(JSON.stringify({ statusCode: 200, headers: { 'x-trace': request.headers['x-amzn-trace-id'] ?? '' }, body: `${event.httpMethod} ${event.path} ${event.body}` }));
  } else if (name === 'echo') {
    response.writeHead(200, head);
    response.end(body);
  } else if (name === 'fails') {
    response.writeHead(200, { ...head, 'X-Amz-Function-Error': 'Unhandled' });
    response.end('{"errorType":"Error","errorMessage":"no"}');
  } else if (name === 'busy') {
    fail(429, 'TooManyRequestsException');
  } else {
    fail(404, 'ResourceNotFoundException');
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
