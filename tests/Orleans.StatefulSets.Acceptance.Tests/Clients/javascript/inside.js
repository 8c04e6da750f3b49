// Into a pod: exec, logs and a forwarded port.

import assert from 'node:assert/strict';
import net from 'node:net';
import { Readable, Writable } from 'node:stream';
import { Exec, Log, PortForward } from '@kubernetes/client-node';
import { proven, waitUntil } from './cluster.js';

export default async function inside(cluster) {
  await cluster.createSet(1, false);
  await cluster.waitForReady(1);

  const shell = await execute(cluster, ['sh', '-c', 'hostname; exit 3'], null);
  assert.deepEqual([shell.output, shell.errors, shell.exitCode], ['web-0\n', '', '3']);
  proven("a command's output and exit code come back");

  const head = await execute(cluster, ['head', '-n', '2'], Readable.from(['one\n', 'two\n']));
  assert.deepEqual([head.output, head.status], ['one\ntwo\n', 'Success']);
  proven('what is typed is read');

  const answer = await forward(cluster, 'GET / HTTP/1.1\r\nHost: web-0\r\nConnection: close\r\n\r\n');
  assert.ok(answer.startsWith('HTTP/1.1 200 OK\r\n'), answer);
  assert.ok(answer.includes('<title>Welcome to nginx!</title>'), answer);
  proven('a forwarded port reaches the server');

  const lines = collector();
  await new Log(cluster.config).log(cluster.namespace, 'web-0', 'nginx', lines.stream, { tailLines: 1 });
  await waitUntil(() => lines.text().includes('"GET / HTTP/1.1" 200'), 'the log tells of the request');
  proven('the log tells of the request');
}

function execute(cluster, command, input) {
  const [output, errors] = [collector(), collector()];
  return new Promise((resolve, reject) => {
    new Exec(cluster.config)
      .exec(cluster.namespace, 'web-0', 'nginx', command, output.stream, errors.stream, input, false, (status) => resolve({
        output: output.text(),
        errors: errors.text(),
        status: status.status,
        exitCode: status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message,
      }))
      .catch(reject);
  });
}

/** Asks through a port of this machine, as the client's documentation shows it. */
async function forward(cluster, request) {
  const forwarder = new PortForward(cluster.config);
  const server = net.createServer((socket) => forwarder.portForward(cluster.namespace, 'web-0', [80], socket, null, socket));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const answer = collector();
  const client = net.connect(server.address().port, '127.0.0.1', () => client.write(request));
  client.pipe(answer.stream);
  await waitUntil(() => answer.text().includes('</html>'), 'the page is whole');
  client.destroy();
  server.close();
  return answer.text();
}

function collector() {
  const chunks = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
