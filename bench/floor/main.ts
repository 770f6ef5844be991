import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { confirm } from './confirm.js';
import { decodeScan } from './decode-scan.js';
import { Refusal } from './refusal.js';
import { setting } from './setting.js';
import { openWriters } from './writers.js';

/**
 * The floor: the least a program can do that keeps the guarantees of a scan and a confirm. No framework, no queue, no
 * log, no metrics, no limits; the same tables, rows, seals and shared commits, the same signatures, checks and answers.
 * What goes wrong is refused and left to whoever sweeps, since only the way that succeeds is measured.
 */
const tokens = new Set(
  (JSON.parse(readFileSync(setting('API_KEYS_FILE'), 'utf8')) as { sha256: string; scopes: string[] }[])
    .filter(({ scopes }) => scopes.includes('payments:write'))
    .map(({ sha256 }) => sha256),
);
const writers = await openWriters();
const utf8 = new TextDecoder('utf-8', { fatal: true });
const CONFIRM = /^\/v1\/payments\/([0-9a-f-]{36})\/confirm$/;

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    handle(request, body).then(
      ([status, text]) => send(response, status, text),
      (error: unknown) => fail(response, error),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  console.log(JSON.stringify({ event: 'service.ready', url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit(0));

async function handle(request: IncomingMessage, body: Buffer): Promise<[status: number, text: string]> {
  if (request.method !== 'POST') throw new Refusal(405, 'METHOD_NOT_ALLOWED');
  authenticate(request.headers.authorization);
  const input = parsed(body);
  if (request.url === '/v1/scans') return [201, await decodeScan(writers, input)];
  const paymentId = CONFIRM.exec(request.url ?? '')?.[1];
  if (paymentId === undefined) throw new Refusal(404, 'NOT_FOUND');
  return [200, await confirm(writers, paymentId, input)];
}

function authenticate(authorization: string | undefined): void {
  const token = authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : '';
  if (!tokens.has(createHash('sha256').update(token).digest('hex')))
    throw new Refusal(401, 'UNAUTHENTICATED');
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, like every other body that is no object.
  }
  throw new Refusal(400, 'MALFORMED_JSON');
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

function fail(response: ServerResponse, error: unknown): void {
  if (!(error instanceof Refusal)) console.error(error);
  const { status, code } = error instanceof Refusal ? error : new Refusal(500, 'INTERNAL');
  send(response, status, JSON.stringify({ status, code }));
}
