// The Node.js loop of EdgeProxy: asks the Runtime API for events and has a function's handler answer them.
//
// It speaks HTTP/1.1 over one socket by itself. A result and the request for the next event leave in one write, and the
// answer to the former comes with the next event, so that an invocation costs one read and one write. Where more events
// wait, several come in one answer: they are served one after the other, and results that are ready together leave together.
//
//   node loop.cjs HANDLER
//
// The socket does not keep the process alive while the handler is at work: that is how an empty event loop is noticed,
// on which the results of callback handlers and promises that never settle depend.
'use strict';

const net = require('node:net');
const fs = require('node:fs');
const path = require('node:path');
const util = require('node:util');
const { pathToFileURL } = require('node:url');
const { Writable } = require('node:stream');

const env = process.env;
const api = env.AWS_LAMBDA_RUNTIME_API;
const taskRoot = env.LAMBDA_TASK_ROOT || process.cwd();
const handlerName = process.argv[2] || env._HANDLER || '';
const functionName = env.AWS_LAMBDA_FUNCTION_NAME;
const functionVersion = env.AWS_LAMBDA_FUNCTION_VERSION;
const memoryLimit = env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
const logGroup = env.AWS_LAMBDA_LOG_GROUP_NAME;
const logStream = env.AWS_LAMBDA_LOG_STREAM_NAME;

const root = '/2018-06-01/runtime/';
const next = `GET ${root}invocation/next HTTP/1.1\r\nHost: ${api}\r\nEdgeProxy-Ahead: 255\r\n\r\n`;
const resultStart = `POST ${root}invocation/`;
const resultFields = `/response HTTP/1.1\r\nHost: ${api}\r\nContent-Type: application/json\r\nLambda-Runtime-Invocation-Id: `;
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

const exitUnhandledRejection = 128;
const exitUncaughtException = 129;

let socket;
let handler;
let isStreaming = false;
let current = null; // the invocation at work
let requestId; // of the one at work, or of the last one
let unanswered = 0; // results that were sent, and whose answers have not come
let awaiting = null; // told of the last of these answers
let received = null; // bytes that do not make a whole answer yet
let ahead = null; // events that came with the one at work, as bytes
let unsent = ''; // results that leave with the next one, or when a handler takes its time
let traced = false;

// ---- The connection ----

function connect() {
  const colon = api.lastIndexOf(':');
  socket = net.connect({ host: api.slice(0, colon), port: Number(api.slice(colon + 1)), noDelay: true });
  socket.on('data', onData);
  // Without its host there is nothing left to do.
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));
}

function onData(chunk) {
  let bytes = received === null ? chunk : Buffer.concat([received, chunk]);
  received = null;
  while (bytes.length > 0) {
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) break;
    const head = bytes.latin1Slice(0, headEnd);
    const fields = readFields(head);
    const bodyStart = headEnd + 4;
    const end = bodyStart + fields.length;
    if (bytes.length < end) break;
    const status = (head.charCodeAt(9) - 48) * 100 + (head.charCodeAt(10) - 48) * 10 + head.charCodeAt(11) - 48;
    if (status === 200 && fields.id !== '') {
      const first = fields.first < 0 ? end : bodyStart + fields.first;
      if (first < end) ahead = bytes.subarray(first, end);
      onEvent(fields, bytes.utf8Slice(bodyStart, first));
    } else {
      onAnswer(status);
    }

    if (bytes.length === end) return;
    bytes = bytes.subarray(end);
  }

  received = bytes;
}

function readFields(head) {
  const fields = { first: -1, length: 0, id: '', invocation: '', arn: '', deadline: 0, trace: '', client: '', identity: '', tenant: '' };
  let line = head.indexOf('\r\n') + 2;
  while (line > 1) {
    let end = head.indexOf('\r\n', line);
    const nextLine = end < 0 ? 0 : end + 2;
    if (end < 0) end = head.length;
    const colon = head.indexOf(':', line);
    const length = colon - line;
    // Told apart by length first: most lines are none of ours, or the only one of that length.
    switch (length) {
      case 14: // Content-Length
        if (is(head, line, colon, 'content-length')) fields.length = Number(valueOf(head, colon, end));
        break;
      case 15: // EdgeProxy-First
        if (is(head, line, colon, 'edgeproxy-first')) fields.first = Number(valueOf(head, colon, end));
        break;
      case 29: // Lambda-Runtime-Aws-Request-Id, Lambda-Runtime-Client-Context
        if (is(head, line, colon, 'lambda-runtime-aws-request-id')) fields.id = valueOf(head, colon, end);
        else if (is(head, line, colon, 'lambda-runtime-client-context')) fields.client = valueOf(head, colon, end);
        break;
      case 26:
        if (is(head, line, colon, 'lambda-runtime-deadline-ms')) fields.deadline = Number(valueOf(head, colon, end));
        break;
      case 28:
        if (is(head, line, colon, 'lambda-runtime-invocation-id')) fields.invocation = valueOf(head, colon, end);
        else if (is(head, line, colon, 'lambda-runtime-aws-tenant-id')) fields.tenant = valueOf(head, colon, end);
        break;
      case 35:
        if (is(head, line, colon, 'lambda-runtime-invoked-function-arn')) fields.arn = valueOf(head, colon, end);
        break;
      case 23:
        if (is(head, line, colon, 'lambda-runtime-trace-id')) fields.trace = valueOf(head, colon, end);
        break;
      case 31:
        if (is(head, line, colon, 'lambda-runtime-cognito-identity')) fields.identity = valueOf(head, colon, end);
        break;
      default:
        break;
    }

    line = nextLine;
  }

  return fields;
}

function is(head, start, end, name) {
  return head.slice(start, end).toLowerCase() === name;
}

function valueOf(head, colon, end) {
  return head.slice(colon + 1, end).trim();
}

function onAnswer(status) {
  unanswered--;
  const told = unanswered > 0 ? null : awaiting;
  if (told !== null) {
    awaiting = null;
    told(status);
  }
  else if (status === 403 || status >= 500) process.exit(1);
  else if (status >= 400) write('ERROR', `The result was refused with status ${status}`);
}

function errorRequest(target, document, invocation, more = '') {
  const body = JSON.stringify(document);
  const type = String(document.errorType || '').replace(/[^\x21-\x7e]/g, '');
  return `POST ${root}${target} HTTP/1.1\r\nHost: ${api}\r\n${more}Content-Type: application/json\r\n`
    + (invocation ? `Lambda-Runtime-Invocation-Id: ${invocation}\r\n` : '')
    + `Lambda-Runtime-Function-Error-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

// ---- Invocations ----

class Invocation {
  constructor(id, delivery) {
    this.id = id;
    this.delivery = delivery;
    this.waitsForEmptyLoop = true;
    this.answer = undefined; // of a callback, until the event loop is empty
    this.hasAnswer = false;
    this.returnedPromise = false;
    this.isDone = false;
    this.stream = null;
  }
}

class Context {
  constructor(invocation, fields) {
    this.functionName = functionName;
    this.functionVersion = functionVersion;
    this.invokedFunctionArn = fields.arn;
    this.memoryLimitInMB = memoryLimit;
    this.awsRequestId = fields.id;
    this.logGroupName = logGroup;
    this.logStreamName = logStream;
    if (fields.client !== '') this.clientContext = JSON.parse(Buffer.from(fields.client, 'latin1').toString('utf8'));
    if (fields.identity !== '') this.identity = JSON.parse(fields.identity);
    if (fields.tenant !== '') this.tenantId = fields.tenant;
    const deadline = fields.deadline;
    this.getRemainingTimeInMillis = () => deadline - Date.now();
    this.done = (error, result) => (error ? fail(invocation, error) : succeed(invocation, result));
    this.fail = (error) => fail(invocation, error === undefined ? 'handled' : error);
    this.succeed = (result) => succeed(invocation, result);
    Object.defineProperty(this, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true,
      get: () => invocation.waitsForEmptyLoop,
      set: (wanted) => { invocation.waitsForEmptyLoop = wanted; },
    });
  }
}

function onEvent(fields, text) {
  requestId = fields.id;
  const invocation = current = new Invocation(fields.id, fields.invocation);
  if (fields.trace !== '') {
    env._X_AMZN_TRACE_ID = fields.trace;
    traced = true;
  } else if (traced) {
    delete env._X_AMZN_TRACE_ID;
    traced = false;
  }

  try {
    const context = new Context(invocation, fields);
    const event = JSON.parse(text);
    if (isStreaming) {
      startStreaming(invocation, event, context);
      return;
    }

    const returned = handler(event, context, (error, result) => callBack(invocation, error, result));
    if (returned !== null && returned !== undefined && typeof returned.then === 'function') {
      invocation.returnedPromise = true;
      returned.then((result) => succeed(invocation, result), (error) => fail(invocation, error));

      // Behind the promise's own turn: one that was settled already costs no more. One that other settled promises settle is waited for, too.
      queueMicrotask(() => { if (!invocation.isDone) process.nextTick(letGo, invocation); });
    } else {
      letGo(invocation);
    }
  } catch (error) {
    fail(invocation, error);
  }
}

// While the handler is at work, only its own doings keep the process alive. Results that are ready do not wait for it.
function letGo(invocation) {
  if (invocation.isDone) return;
  send();
  socket.unref();
}

// The handler is through with the event: its answer leaves with those of the events that came with it, behind the last of which is asked for more.
function answer(request) {
  current = null;
  unanswered++;
  unsent += request;
  if (ahead !== null) {
    queueMicrotask(serveNext);
    return;
  }

  unsent += next;
  send();
}

function serveNext() {
  const headEnd = ahead.indexOf('\r\n\r\n');
  const fields = readFields(ahead.latin1Slice(0, headEnd));
  const end = headEnd + 4 + fields.length;
  const text = ahead.utf8Slice(headEnd + 4, end);
  ahead = end < ahead.length ? ahead.subarray(end) : null;
  onEvent(fields, text);
}

function send() {
  socket.ref();
  if (unsent === '') return;
  const requests = unsent;
  unsent = '';
  socket.write(requests);
}

function callBack(invocation, error, result) {
  if (invocation.isDone || invocation.hasAnswer) return;
  if (error !== null && error !== undefined) {
    fail(invocation, error);
  } else if (!invocation.waitsForEmptyLoop) {
    succeed(invocation, result);
  } else {
    invocation.hasAnswer = true;
    invocation.answer = result;
  }
}

function succeed(invocation, result) {
  if (invocation.isDone) return;
  if (invocation.stream !== null) return;
  let body;
  try {
    body = JSON.stringify(result === undefined ? null : result);
    if (body === undefined) body = 'null';
  } catch {
    fail(invocation, new Error('Unable to stringify response body'));
    return;
  }

  invocation.isDone = true;
  answer(`${resultStart}${invocation.id}${resultFields}${invocation.delivery}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function fail(invocation, error) {
  if (invocation.isDone) return;
  invocation.isDone = true;
  const document = documentOf(error);
  writeError('Invoke Error', error, document);
  answer(errorRequest(`invocation/${invocation.id}/error`, document, invocation.delivery));
}

// A handler may end the process: what was answered before it is not lost.
process.on('exit', send);

process.on('beforeExit', () => {
  const invocation = current;
  if (invocation === null) return;
  if (invocation.hasAnswer) {
    succeed(invocation, invocation.answer);
  } else if (invocation.stream !== null) {
    failStream(invocation, new RuntimeError('Runtime.NodeJsExit', 'The handler did not finish before the event loop was empty'));
  } else if (invocation.returnedPromise) {
    fail(invocation, new RuntimeError('Runtime.NodeJsExit', 'The Promise that the handler returned was not settled when the event loop was empty'));
  } else {
    succeed(invocation, null);
  }
});

process.on('unhandledRejection', (reason) => {
  const document = documentOf(new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason)));
  document.reason = documentOf(reason);
  leave(document, exitUnhandledRejection);
});

process.on('uncaughtException', (error) => leave(documentOf(error), exitUncaughtException));

// Says what happened, to whom it concerns, and goes.
function leave(document, code) {
  write('ERROR', `Uncaught Exception \t${JSON.stringify(document)}`);
  const invocation = current;
  current = null;
  if (invocation !== null && invocation.stream !== null && invocation.stream.begun) {
    invocation.isDone = true;
    awaiting = () => process.exit(code);
    unanswered++;
    unsent += lastChunk(document);
    send();
    return;
  }

  if (invocation === null && handler !== undefined) {
    // Between two events nobody is to be told.
    process.exit(code);
  }

  if (invocation !== null) invocation.isDone = true;
  ahead = null;
  awaiting = () => process.exit(code);
  unanswered++;
  // Closing says that no other event is begun.
  unsent += invocation === null ? errorRequest('init/error', document, '') : errorRequest(`invocation/${invocation.id}/error`, document, invocation.delivery, 'Connection: close\r\n');
  send();
}

// ---- Streamed results ----

class ResponseStream extends Writable {
  constructor(invocation) {
    super({ highWaterMark: 64 * 1024, decodeStrings: false, objectMode: false });
    this.invocation = invocation;
    this.begun = false;
    this.contentType = 'application/octet-stream';
    this.beforeFirstWrite = null;
  }

  setContentType(contentType) {
    if (this.begun) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.contentType = contentType;
  }

  write(chunk, encoding, callback) {
    // What is neither text nor bytes is sent as JSON.
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) chunk = JSON.stringify(chunk);
    return super.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function' && typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) chunk = JSON.stringify(chunk);
    return super.end(chunk, encoding, callback);
  }

  _write(chunk, encoding, callback) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    const { invocation } = this;
    if (invocation.isDone) {
      callback();
      return;
    }

    this.begin();
    if (bytes.length === 0) {
      callback();
      return;
    }

    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    const flowing = socket.write('\r\n');
    socket.uncork();
    if (flowing) callback();
    else socket.once('drain', callback);
  }

  _final(callback) {
    if (!this.invocation.isDone) this.begin();
    callback();
  }

  begin() {
    if (this.begun) return;
    this.begun = true;
    const { invocation } = this;
    send();
    const contentType = String(this.contentType).replace(/[^\x20-\x7e]/g, '');
    socket.write(`POST ${root}invocation/${invocation.id}/response HTTP/1.1\r\nHost: ${api}\r\nContent-Type: ${contentType}\r\n`
      + `Lambda-Runtime-Function-Response-Mode: streaming\r\nLambda-Runtime-Invocation-Id: ${invocation.delivery}\r\nTransfer-Encoding: chunked\r\n`
      + 'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n');
    if (this.beforeFirstWrite !== null) {
      const prelude = this.beforeFirstWrite;
      socket.write(`${prelude.length.toString(16)}\r\n`);
      socket.write(prelude);
      socket.write('\r\n');
    }
  }
}

function startStreaming(invocation, event, context) {
  const stream = invocation.stream = new ResponseStream(invocation);
  let returned;
  try {
    returned = handler(event, stream, context);
  } catch (error) {
    failStream(invocation, error);
    return;
  }

  if (returned === null || returned === undefined || typeof returned.then !== 'function') {
    failStream(invocation, new RuntimeError('InvalidStreamingOperation', 'Streaming does not support non-async handlers.'));
    return;
  }

  returned.then((result) => {
    if (result !== undefined) console.warn('Streaming handlers ignore return values.');
    if (!stream.writableEnded) failStream(invocation, new RuntimeError('InvalidStreamingOperation', 'Response stream is not finished.'));
    else if (stream.writableFinished) finishStream(invocation);
    else stream.once('finish', () => finishStream(invocation));
  }, (error) => failStream(invocation, error));
  letGo(invocation);
}

function finishStream(invocation) {
  if (invocation.isDone) return;
  invocation.isDone = true;
  answer('0\r\n\r\n');
}

function failStream(invocation, error) {
  if (invocation.isDone) return;
  if (!invocation.stream.begun) {
    fail(invocation, error);
    return;
  }

  invocation.isDone = true;
  const document = documentOf(error);
  writeError('Invoke Error', error, document);
  answer(lastChunk(document));
}

function lastChunk(document) {
  const type = String(document.errorType || '').replace(/[^\x21-\x7e]/g, '');
  return `0\r\nLambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${Buffer.from(JSON.stringify(document)).toString('base64')}\r\n\r\n`;
}

globalThis.awslambda = {
  ...globalThis.awslambda,
  streamifyResponse(streamed, options) {
    streamed[streaming] = 'response';
    void options;
    return streamed;
  },
  HttpResponseStream: class HttpResponseStream {
    static from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.beforeFirstWrite = Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]);
      return stream;
    }
  },
};

// ---- Errors and logs ----

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function documentOf(error) {
  if (util.types.isNativeError(error) || (error !== null && typeof error === 'object' && typeof error.name === 'string' && typeof error.message === 'string' && error.stack !== undefined)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? '').split('\n') };
  }

  let text;
  try {
    text = String(error);
  } catch {
    text = '';
  }

  return { errorType: typeof error, errorMessage: text, trace: [] };
}

const isJson = env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const leastLevel = Math.max(0, levels.indexOf((env.AWS_LAMBDA_LOG_LEVEL || '').toUpperCase()));

function write(level, text, details) {
  const time = new Date().toISOString();
  if (isJson) {
    const line = { timestamp: time, level, requestId };
    if (details !== undefined) Object.assign(line, details);
    else line.message = text;
    fs.writeSync(1, `${JSON.stringify(line)}\n`);
  } else {
    fs.writeSync(1, `${time}\t${requestId}\t${level}\t${text.replace(/\n/g, '\r')}\n`);
  }
}

function writeError(what, error, document) {
  if (isJson) write('ERROR', '', { errorType: document.errorType, errorMessage: document.errorMessage, stackTrace: document.trace });
  else write('ERROR', `${what} \t${JSON.stringify({ errorType: document.errorType, errorMessage: document.errorMessage, ...plain(error), stack: document.trace })}`);
}

// An error's own members, where they can be told.
function plain(error) {
  if (error === null || typeof error !== 'object') return {};
  try {
    return JSON.parse(JSON.stringify(error));
  } catch {
    return {};
  }
}

function patchConsole() {
  const methods = { log: 'INFO', debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE', fatal: 'FATAL' };
  for (const [name, level] of Object.entries(methods)) {
    console[name] = (...values) => {
      if (isJson && levels.indexOf(level) < leastLevel) return;
      if (isJson && values.length === 1 && values[0] !== null && typeof values[0] === 'object' && !util.types.isNativeError(values[0])) {
        let message = values[0];
        try {
          JSON.stringify(message);
        } catch {
          message = util.format(message);
        }

        write(level, '', { message });
      } else {
        write(level, util.format(...values));
      }
    };
  }
}

// ---- The handler ----

async function loadHandler(name) {
  if (name.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }

  const base = path.basename(name);
  const directory = name.slice(0, name.length - base.length);
  const parts = /^([^.]*)\.(.*)$/.exec(base);
  if (parts === null || parts[1] === '' || parts[2] === '') throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const loaded = await loadModule(path.resolve(taskRoot, directory, parts[1]), directory + parts[1]);
  let found = loaded;
  for (const member of parts[2].split('.')) found = found === null || found === undefined ? undefined : found[member];
  if (found === undefined || found === null) throw new RuntimeError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${name} is not a function`);
  return found;
}

async function loadModule(file, relative) {
  try {
    if (isFile(file)) return require(file);
    if (isFile(`${file}.js`)) return isModule(file) ? await import(pathToFileURL(`${file}.js`)) : require(`${file}.js`);
    if (isFile(`${file}.mjs`)) return await import(pathToFileURL(`${file}.mjs`));
    if (isFile(`${file}.cjs`)) return require(`${file}.cjs`);
    return require(require.resolve(relative, { paths: [taskRoot, file] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw named(error, 'Runtime.UserCodeSyntaxError');
    if (error !== null && typeof error === 'object' && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) throw named(error, 'Runtime.ImportModuleError');
    throw error;
  }
}

function named(error, name) {
  const renamed = new RuntimeError(name, error.name === 'SyntaxError' ? String(error) : `Error: ${error.message}`);
  renamed.stack = error.stack;
  return renamed;
}

function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function isModule(file) {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    if (path.basename(directory) === 'node_modules') return false;
    const described = path.join(directory, 'package.json');
    if (isFile(described)) {
      try {
        return JSON.parse(fs.readFileSync(described, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }

    if (directory === path.dirname(directory)) return false;
  }
}

async function main() {
  patchConsole();
  connect();
  let loaded;
  try {
    loaded = await loadHandler(handlerName);
    isStreaming = loaded[streaming] === 'response';
    if (!isStreaming && loaded.length >= 3) {
      if (Number(process.versions.node.split('.')[0]) >= 24) {
        throw new RuntimeError('Runtime.CallbackHandlerDeprecated', 'Node.js 24 and later have no callback handlers any more: make the handler an async function.');
      }

      if (loaded.constructor.name !== 'AsyncFunction') console.warn('Handlers with a callback are not supported by Node.js 24 and later: make the handler an async function.');
    }
  } catch (error) {
    const document = documentOf(error);
    writeError('Uncaught Exception', error, document);
    awaiting = () => process.exit(1);
    unanswered++;
    socket.write(errorRequest('init/error', document, ''));
    return;
  }

  handler = loaded;
  socket.write(next);
}

main();
