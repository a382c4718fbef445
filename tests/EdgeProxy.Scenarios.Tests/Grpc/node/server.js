// The gRPC server behind the gateway: one service whose messages are bytes. Prints its port when it listens.
// node server.js [CERTIFICATE KEY]: with them, over TLS.
'use strict';
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');

const bytes = { serialize: (value) => value, deserialize: (value) => value };
const method = (name, requestStream, responseStream) => ({
  path: `/shop.Shop/${name}`, requestStream, responseStream,
  requestSerialize: bytes.serialize, requestDeserialize: bytes.deserialize,
  responseSerialize: bytes.serialize, responseDeserialize: bytes.deserialize,
});

const service = {
  Echo: method('Echo', false, false),
  Fail: method('Fail', false, false),
  Slow: method('Slow', false, false),
  Count: method('Count', false, true),
  Sum: method('Sum', true, false),
  Chat: method('Chat', true, true),
  Hang: method('Hang', false, true),
};

let cancelled = 0;

const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
server.addService(service, {
  Echo(call, reply) {
    const trailers = new grpc.Metadata();
    trailers.set('x-trailer', 'tail');
    trailers.set('x-trailer-bin', Buffer.from([0, 1, 255]));
    const head = new grpc.Metadata();
    head.set('x-seen', `${call.metadata.get('x-own').join('|')}`);
    call.sendMetadata(head);
    reply(null, call.request, trailers);
  },
  Fail(call, reply) {
    reply({ code: grpc.status.FAILED_PRECONDITION, details: 'not today: ' + call.request.toString() + ' \u00fc%' });
  },
  Slow(call, reply) {
    setTimeout(() => reply(null, call.request), 5000);
  },
  Count(call) {
    const most = Number(call.request.toString());
    for (let i = 1; i <= most; i++) call.write(Buffer.from(`${i}`));
    call.end();
  },
  Sum(call, reply) {
    let sum = 0;
    let count = 0;
    call.on('data', (value) => { sum += value.length; count++; });
    call.on('end', () => reply(null, Buffer.from(`${count}:${sum}`)));
  },
  Chat(call) {
    call.on('data', (value) => call.write(Buffer.concat([Buffer.from('re: '), value])));
    call.on('end', () => call.end());
  },
  Hang(call) {
    if (call.request.toString() === 'count') {
      call.write(Buffer.from(`${cancelled}`));
      call.end();
      return;
    }
    call.on('cancelled', () => cancelled++);
    call.write(Buffer.from('begun'));
  },
});

const [certificate, key] = process.argv.slice(2);
const credentials = certificate
  ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: fs.readFileSync(certificate), private_key: fs.readFileSync(key) }], false)
  : grpc.ServerCredentials.createInsecure();
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error) throw error;
  console.log(port);
});
