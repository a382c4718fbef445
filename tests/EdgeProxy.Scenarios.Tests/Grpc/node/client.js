// Calls the service through the gateway: node client.js PORT SCENARIO [AUTHORITY NAME]. Exits 0 when what came back is right, else says what was not.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');

// With an authority's file, over TLS, to a server of that name.
const [port, scenario, authority, name] = process.argv.slice(2);
const credentials = authority ? grpc.credentials.createSsl(fs.readFileSync(authority)) : grpc.credentials.createInsecure();
const client = new grpc.Client(`127.0.0.1:${port}`, credentials, {
  'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1,
  ...(authority && { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name }),
});
const same = (value) => value;
const path = (name) => `/shop.Shop/${name}`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function unary(name, message, metadata = new grpc.Metadata(), options = {}) {
  return new Promise((resolve) => {
    const seen = {};
    const call = client.makeUnaryRequest(path(name), same, same, Buffer.from(message), metadata, options, (error, value) => {
      seen.error = error;
      seen.value = value;
    });
    call.on('metadata', (head) => { seen.head = head; });
    call.on('status', (status) => { seen.status = status; resolve(seen); });
  });
}

function all(stream) {
  return new Promise((resolve) => {
    const seen = { values: [] };
    stream.on('data', (value) => seen.values.push(value));
    stream.on('error', (error) => { seen.error = error; });
    stream.on('status', (status) => { seen.status = status; resolve(seen); });
  });
}

const scenarios = {
  async unary() {
    const metadata = new grpc.Metadata();
    metadata.set('x-own', 'mine');
    const seen = await unary('Echo', 'hello', metadata);
    assert.equal(seen.error, null);
    assert.equal(seen.value.toString(), 'hello');
    assert.deepEqual(seen.head.get('x-seen'), ['mine']);
    assert.deepEqual(seen.status.metadata.get('x-trailer'), ['tail']);
    assert.deepEqual([...seen.status.metadata.get('x-trailer-bin')[0]], [0, 1, 255]);
    assert.equal((await unary('Echo', '')).value.length, 0);
  },

  async manyAtOnce() {
    const seen = await Promise.all(Array.from({ length: 300 }, (_, i) => unary('Echo', `message ${i}`)));
    seen.forEach((one, i) => assert.equal(one.value.toString(), `message ${i}`));
  },

  async failure() {
    const seen = await unary('Fail', 'x');
    assert.equal(seen.error.code, grpc.status.FAILED_PRECONDITION);
    assert.equal(seen.error.details, 'not today: x \u00fc%');
  },

  async deadline() {
    const began = Date.now();
    const seen = await unary('Slow', 'x', new grpc.Metadata(), { deadline: Date.now() + 300 });
    assert.equal(seen.error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.ok(Date.now() - began < 4000);
  },

  // As the gateway itself tells it: no deadline of the client's, and a route whose integration has a short time.
  async gatewayDeadline() {
    const seen = await unary('Slow', 'x');
    assert.equal(seen.error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.equal(seen.error.details, 'Endpoint request timed out');
  },

  async unknownMethod() {
    const seen = await unary('Nothing', 'x');
    assert.equal(seen.error.code, grpc.status.UNIMPLEMENTED);
  },

  async backendGone() {
    const seen = await unary('Echo', 'x');
    assert.equal(seen.error.code, grpc.status.UNAVAILABLE);
    assert.equal(seen.error.details, 'Network error communicating with endpoint');
  },

  async serverStream() {
    const seen = await all(client.makeServerStreamRequest(path('Count'), same, same, Buffer.from('5000'), new grpc.Metadata(), {}));
    assert.equal(seen.status.code, grpc.status.OK);
    assert.deepEqual(seen.values.map(String), Array.from({ length: 5000 }, (_, i) => `${i + 1}`));
  },

  async clientStream() {
    const value = await new Promise((resolve, reject) => {
      const call = client.makeClientStreamRequest(path('Sum'), same, same, new grpc.Metadata(), {}, (error, result) => (error ? reject(error) : resolve(result)));
      for (let i = 0; i < 1000; i++) call.write(Buffer.alloc(1000, i));
      call.end();
    });
    assert.equal(value.toString(), '1000:1000000');
  },

  // Each message has to arrive before the next is sent: nothing may be held on the way.
  async bidirectional() {
    const call = client.makeBidiStreamRequest(path('Chat'), same, same, new grpc.Metadata(), {});
    const ended = all(call);
    for (let i = 0; i < 20; i++) {
      const answer = new Promise((resolve) => call.once('data', resolve));
      call.write(Buffer.from(`${i}`));
      assert.equal((await answer).toString(), `re: ${i}`);
      if (i === 10) await sleep(1500);
    }
    call.end();
    assert.equal((await ended).status.code, grpc.status.OK);
  },

  async large() {
    const message = Buffer.alloc(8 * 1024 * 1024);
    for (let i = 0; i < message.length; i++) message[i] = (i * 31) & 0xff;
    const seen = await unary('Echo', message);
    assert.equal(seen.error, null);
    assert.ok(message.equals(seen.value));
  },

  async tooLarge() {
    const seen = await unary('Echo', Buffer.alloc(11 * 1024 * 1024));
    assert.equal(seen.error.code, grpc.status.RESOURCE_EXHAUSTED);
  },

  async longStream() {
    const value = await new Promise((resolve, reject) => {
      const call = client.makeClientStreamRequest(path('Sum'), same, same, new grpc.Metadata(), {}, (error, result) => (error ? reject(error) : resolve(result)));
      let left = 24;
      const write = () => {
        for (; left > 0; left--) {
          if (!call.write(Buffer.alloc(1024 * 1024))) { left--; call.once('drain', write); return; }
        }
        call.end();
      };
      write();
    });
    assert.equal(value.toString(), `24:${24 * 1024 * 1024}`);
  },

  async cancellation() {
    const call = client.makeServerStreamRequest(path('Hang'), same, same, Buffer.from('hang'), new grpc.Metadata(), {});
    const ended = all(call);
    await new Promise((resolve) => call.once('data', resolve));
    call.cancel();
    assert.equal((await ended).status.code, grpc.status.CANCELLED);
    for (let i = 0; i < 100; i++) {
      const seen = await all(client.makeServerStreamRequest(path('Hang'), same, same, Buffer.from('count'), new grpc.Metadata(), {}));
      if (seen.values[0].toString() === '1') return;
      await sleep(50);
    }
    assert.fail('the server never heard of the cancellation');
  },
};

scenarios[scenario]().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
