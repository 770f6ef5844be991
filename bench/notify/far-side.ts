import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedBytes } from './signed-bytes.js';

/**
 * Answers S to everything with one signature made beforehand, in a process of its own: its cost falls on neither
 * measured side. The first argument names its key; it ends with its parent.
 */
const time = '2026-03-01T00:00:00Z';
const body = Buffer.from('{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"success"}}');
const signature = sign('RSA-SHA256', signedBytes(time, body), readFileSync(process.argv[2] ?? '', 'utf8'));
const headers = {
  'Content-Type': 'application/json',
  'Content-Length': body.length,
  'Response-Time': time,
  Signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature.toString('base64'))}`,
};
const server = createServer((incoming, response) => {
  incoming.resume();
  incoming.on('end', () => response.writeHead(200, headers).end(body));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.(`http://127.0.0.1:${port}`);
});
process.on('disconnect', () => process.exit());
