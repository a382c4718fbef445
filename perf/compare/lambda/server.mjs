// The function behind a plain HTTP server of Node.js, a process for each processor. Prints its port.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { handler } from './function/index.mjs';

if (cluster.isPrimary) {
  const workers = Array.from({ length: Number(process.argv[2]) }, () => cluster.fork());
  let listening = 0;
  cluster.on('listening', (_, address) => {
    if (++listening === workers.length) console.log(address.port);
  });
} else {
  const server = createServer({ keepAliveTimeout: 3_600_000 }, (request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', async () => {
      const result = await handler({ path: request.url, httpMethod: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const body = Buffer.from(result.body);
      response.writeHead(result.statusCode, { ...result.headers, 'content-length': body.length });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
}
