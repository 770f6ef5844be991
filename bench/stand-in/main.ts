import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedAnswers, type SignedAnswer } from './signed-answers.js';

/**
 * Alipay+ for a benchmark: answers userInitiatedPay with S. Signing costs more than all the rest of an answer, so the
 * answers are signed before a round and handed out in order; the times of the servers under test are then their own.
 */
const CHECK_EVERY = 20;

const clientId = setting('STAND_IN_CLIENT_ID');
const privateKey = createPrivateKey(setting('STAND_IN_PRIVATE_KEY'));
const mppKey: KeyObject = createPublicKey(setting('STAND_IN_MPP_PUBLIC_KEY'));

let answers: readonly SignedAnswer[] = [];
let next = 0;
let counts = { calls: 0, connections: 0, checked: 0, wrong: 0 };

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, Buffer.concat(chunks), response));
});
server.on('connection', () => (counts.connections += 1));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  console.log(JSON.stringify({ event: 'service.ready', url: `http://127.0.0.1:${port}` }));
});

process.on('message', (message: { prepare?: string[]; rewind?: boolean }) => {
  void told(message).then((reply) => process.send?.(reply));
});
process.on('SIGTERM', () => process.exit(0));

async function told({ prepare, rewind }: { prepare?: string[]; rewind?: boolean }): Promise<unknown> {
  const seen = counts;
  if (prepare !== undefined) answers = await signedAnswers(prepare, clientId, privateKey);
  if (prepare !== undefined || rewind === true) {
    next = 0;
    counts = { calls: 0, connections: 0, checked: 0, wrong: 0 };
  }
  return seen;
}

function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  counts.calls += 1;
  // Each costs a verification: enough of them to see that the servers really sign, few enough not to count.
  if (counts.calls % CHECK_EVERY === 0) check(request, body);
  const prepared = answers[next];
  next += 1;
  if (!prepared) response.writeHead(503).end();
  else response.writeHead(200, prepared.headers).end(prepared.body);
}

function check({ method, url, headers }: IncomingMessage, body: Buffer): void {
  const head = `${method} ${url}\n${clientId}.${String(headers['request-time'])}.`;
  const value = /signature=([^,]+)/.exec(String(headers['signature']))?.[1] ?? '';
  const signature = Buffer.from(decodeURIComponent(value), 'base64');
  counts.checked += 1;
  if (!verify('RSA-SHA256', Buffer.concat([Buffer.from(head), body]), mppKey, signature)) counts.wrong += 1;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
