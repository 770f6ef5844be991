import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedAcknowledgement } from './signed-acknowledgement.js';
import { signedAnswers, type SignedAnswer } from './signed-answers.js';

/**
 * Alipay+ for a benchmark: answers userInitiatedPay with S. Signing costs more than the rest of an answer, so answers
 * are signed before a round and used in order; the measured times are then those of the servers under test. In endless
 * mode it signs a few in advance all the time, receives results, and acknowledges them.
 */
const CHECK_EVERY = 20;
/** Signed in advance in endless mode: enough for a second or two of a busy server. */
const AHEAD = 500;
const A_FEW = 20;

const clientId = setting('STAND_IN_CLIENT_ID');
const privateKey = createPrivateKey(setting('STAND_IN_PRIVATE_KEY'));
const NOTIFY_PATH = '/aps/api/v1/payments/notifyPayment';
const acknowledgement = await signedAcknowledgement(NOTIFY_PATH, clientId, privateKey);
const mppKey: KeyObject = createPublicKey(setting('STAND_IN_MPP_PUBLIC_KEY'));

const NONE = { calls: 0, connections: 0, checked: 0, wrong: 0, told: 0 };

let answers: readonly SignedAnswer[] = [];
let next = 0;
let endlessScript: string | undefined;
let isSigning = false;
let counts = { ...NONE };

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

interface Wish {
  readonly prepare?: readonly string[];
  readonly rewind?: boolean;
  /** The script of all later answers. */
  readonly endless?: string;
}

process.on('message', (message: Wish) => {
  void told(message).then((reply) => process.send?.(reply));
});
process.on('SIGTERM', () => process.exit(0));

async function told({ prepare, rewind, endless }: Wish): Promise<unknown> {
  const seen = counts;
  if (endless !== undefined) {
    endlessScript = endless;
    while (answers.length - next < AHEAD) await signAhead(endless);
  }
  if (prepare !== undefined) answers = await signedAnswers(prepare, clientId, privateKey);
  if (prepare !== undefined || rewind === true) {
    next = 0;
    counts = { ...NONE };
  }
  return seen;
}

/** Used answers are forgotten, so that an endless run needs no endless memory. */
async function signAhead(script: string): Promise<void> {
  if (isSigning || answers.length - next >= AHEAD) return;
  isSigning = true;
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const scripts = Array.from({ length: A_FEW }, () => script);
  const more = await signedAnswers(scripts, clientId, privateKey, `http://127.0.0.1:${port}${NOTIFY_PATH}`);
  answers = [...answers.slice(next), ...more];
  next = 0;
  isSigning = false;
}

function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  if (request.url === NOTIFY_PATH) {
    counts.told += 1;
    response.writeHead(200, acknowledgement.headers).end(acknowledgement.body);
    return;
  }
  counts.calls += 1;
  // Each costs a verification: enough of them to see that the servers really sign, few enough not to matter.
  if (counts.calls % CHECK_EVERY === 0) check(request, body);
  const prepared = answers[next];
  next += 1;
  if (endlessScript !== undefined) void signAhead(endlessScript);
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
