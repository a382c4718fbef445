// A backend over TLS that says by which version of HTTP it was called: node server.js CERTIFICATE KEY PROTOCOLS
// PROTOCOLS is h2, http/1.1 or both. Prints its port when it listens.
'use strict';
const fs = require('node:fs');
const http2 = require('node:http2');
const https = require('node:https');

const [certificate, key, protocols] = process.argv.slice(2);
const options = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), allowHTTP1: protocols === 'both' };
const server = protocols === 'http/1.1' ? https.createServer(options) : http2.createSecureServer(options);

let connections = 0;
server.on('secureConnection', (socket) => {
  connections++;
  socket.ordinal = connections;
});

// The request's body comes back as it is; the head tells of its connection and of all there have been.
server.on('request', (request, response) => {
  const socket = request.stream?.session?.socket ?? request.socket;
  response.writeHead(200, {
    'x-version': request.httpVersion,
    'x-agreed': socket.alpnProtocol || 'nothing',
    'x-connection': `${socket.ordinal}`,
    'x-connections': `${connections}`,
  });
  if (request.headers['x-wait']) setTimeout(() => request.pipe(response), 200);
  else request.pipe(response);
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
