import { randomUUID, sign } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { DelayedProgram } from '../support/service/delayed-program.js';
import { testKeys } from '../support/service/test-keys.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';

jest.setTimeout(300_000);

/**
 * The longest delay of a process at the 99th percentile under such bodies, beyond a multiple of what as many small ones
 * cost: a machine is several times slower on one day than on another. Without limits it was some seconds.
 */
const MOST_DELAY_MS = 100;
const OF_SMALL_ONES = 8;
const AT_ONCE = 15;
const ROUNDS = 2;
const CLIENT_ID = 'TEST_5X00000000000000';

let ground: TestGround;
let program: DelayedProgram;
beforeAll(async () => {
  ground = await prepareTestGround();
  program = await DelayedProgram.start({ ...ground.environment, ROLE: 'api' });
  await burst(() => post('/v1/scans', '{}'));
});
afterAll(async () => {
  await program.remove();
  await ground.stop();
});

const burst = async (call: (at: number) => Promise<unknown>): Promise<void> => {
  for (let round = 0; round < ROUNDS; round += 1)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => call(at)));
};

const send = async (path: string, init: RequestInit): Promise<number> => {
  const response = await fetch(`${program.url}${path}`, init);
  await response.arrayBuffer();
  return response.status;
};

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<number> =>
  send(path, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${ground.tokens.walletApp}`,
      'content-type': 'application/json',
      ...headers,
    },
  });

const operate = (path: string): Promise<number> =>
  send(path, { headers: { authorization: `Bearer ${ground.tokens.auditor}` } });

/** A call of Alipay+ itself, which nobody else can sign: its content must not block us either. */
const partner = (body: Buffer, headers: Record<string, string> = {}, signed = body): Promise<number> => {
  const path = '/aps/api/v1/payments/inquiryPayment';
  const time = new Date().toISOString();
  const text = Buffer.concat([Buffer.from(`POST ${path}\n${CLIENT_ID}.${time}.`), signed]);
  const signature = sign('RSA-SHA256', text, testKeys().alipayPlusPrivate).toString('base64');
  return send(path, {
    method: 'POST',
    body: Uint8Array.from(body),
    headers: {
      'content-type': 'application/json',
      'client-id': CLIENT_ID,
      'request-time': time,
      signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`,
      ...headers,
    },
  });
};

/** Sends the requests one behind the other without waiting for answers; gives the status of the last one. */
const pipelined = async (path: string, count: number): Promise<number> => {
  const { hostname, port } = new URL(program.url);
  const socket = connect(Number(port), hostname);
  // Beyond some of them the connection is cut off.
  const answers = text(socket).catch(() => '');
  const ask = `GET ${path} HTTP/1.1\r\nhost: x\r\n`;
  socket.write(`${ask}\r\n`.repeat(count) + `${ask}connection: close\r\n\r\n`);
  return Number([...(await answers).matchAll(/HTTP\/1\.1 (\d{3}) /g)].at(-1)?.[1]);
};

/** A body in chunks of one byte, as many as one read of a connection holds and some more; the status. */
const inCrumbs = async (start: string): Promise<number> => {
  const { hostname, port } = new URL(program.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
  socket.write(`${start}\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(20_000)}`);
  await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  return Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
};

const many = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(',');

/** None is longer than the limit for bodies, which is 256 KiB. */
const BODIES: readonly (readonly [string, string])[] = [
  ['24,000 unknown fields', `{${many(24_000, (at) => `"f${at}":1`)}}`],
  ['999 unknown fields', `{${many(999, (at) => `"${'n'.repeat(200)}${at}":1`)}}`],
  ['999 unknown fields inside an object', `{"indirectMpp":{${many(999, (at) => `"f${at}":{}`)}}}`],
  ['999 objects in a list', `{"indirectMpp":[${many(990, () => '{}')}]}`],
  ['24,000 items', `{"codeValue":[${many(24_000, () => '"x"')}]}`],
  ['120,000 lists in one another', `${'['.repeat(120_000)}${']'.repeat(120_000)}`],
  ['40,000 objects in one another', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ['a code of 250,000 characters', `{"codeValue":"${'x'.repeat(250_000)}","customerId":"c"}`],
  ['a code of emoji', `{"codeValue":"${'😀'.repeat(60_000)}","customerId":"c"}`],
  ['a customer of escapes', `{"codeValue":"c","customerId":"${'\\ud800'.repeat(40_000)}"}`],
  ['a field with a name of 250,000 characters', `{"${'é'.repeat(120_000)}":1}`],
  ['a text that does not end', `{"codeValue":"${'\\'.repeat(250_000)}`],
  ['one number of 250,000 digits', `{"codeValue":${'9'.repeat(250_000)}}`],
  ['one key 900 times', `{${many(900, () => '"codeValue":"x"')}}`],
];

const PARTNER_BODIES: readonly (readonly [string, string])[] = [
  ...BODIES,
  ['80,000 numbers', `{"a":[${many(80_000, () => '1')}]}`],
  ['600 numbers of 399 digits', `{"a":[${many(600, () => `1.${'0'.repeat(397)}`)}]}`],
];

const FORMS: readonly (readonly [string, string])[] = [
  ['8,000 fields', 'a&'.repeat(8_000)],
  ['one field 3,000 times', 'token=&'.repeat(2_300)],
  ['fields in one another', `a${'[b]'.repeat(5_000)}=1`],
  ['16,000 escapes', `token=${'%F0%9F%98%80'.repeat(1_300)}`],
];

const QUERIES: readonly (readonly [string, string])[] = [
  ['1,800 fields', Array.from({ length: 1_800 }, (_, at) => `f${at}=1`).join('&')],
  ['one field 1,500 times', 'status=x&'.repeat(1_500)],
  ['a text of 15,000 characters', `q=${'x'.repeat(15_000)}`],
  ['a list of 2,000 words', `status=${'PAID,'.repeat(2_000)}`],
  ['a cursor of 15,000 characters', `cursor=${'A'.repeat(15_000)}`],
  ['a merchant of wildcards', `merchant=${'%25_'.repeat(1_000)}`],
  ['an amount of 15,000 digits', `amountFrom=${'9'.repeat(15_000)}&currency=HKD`],
];

/** A body that blocks the process does so every time; other programs on the machine do not. */
const expectQuick = async (call: (at: number) => Promise<number>): Promise<void> => {
  const seen: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const rest = await program.delaysSince(() => burst(() => post('/v1/scans', '{}')));
    const statuses = new Set<number>();
    const { p99Ms } = await program.delaysSince(() => burst(async (at) => void statuses.add(await call(at))));
    // Refused or answered, but never a fault of ours.
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    if (p99Ms < OF_SMALL_ONES * rest.p99Ms + MOST_DELAY_MS) return;
    seen.push(`${Math.round(p99Ms)} ms, ${Math.round(rest.p99Ms)} ms at rest`);
  }
  throw new Error(`the process was held for ${seen.join('; ')}`);
};

describe('a process goes on answering others while it is sent', () => {
  it.each(BODIES)('scans with %s', (_what, body) => expectQuick(() => post('/v1/scans', body)));

  it.each(PARTNER_BODIES)('signed calls with %s', (_what, body) =>
    expectQuick(() => partner(Buffer.from(body))),
  );

  it('calls of anybody that unpack to a megabyte and more', () => {
    const packed = gzipSync(Buffer.alloc(50_000_000, ' '));
    return expectQuick(() => partner(packed, { 'content-encoding': 'gzip' }, Buffer.from('other')));
  });

  it('calls with a meaningless signature of 15,000 characters', () =>
    expectQuick(() =>
      partner(Buffer.from('{}'), { signature: `algorithm=RSA256,signature=${'%41,'.repeat(3_500)}` }),
    ));

  it.each(FORMS)('forms of the console with %s', async (_what, form) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await expectQuick(() => send('/console/sign-in', { method: 'POST', body: form, headers }));
  });

  it.each(QUERIES)('searches with %s', (_what, query) =>
    expectQuick(() => operate(`/v1/operations/payments?${query}`)),
  );

  it('addresses with an id of 15,000 characters', () =>
    expectQuick(() => operate(`/v1/payments/${randomUUID().repeat(400)}`)));

  it('addresses with a path of escaped percent signs', () =>
    expectQuick(() => operate(`/v1/payments/${'%25'.repeat(5_000)}`)));

  it.each([
    ['figures', '/metrics', 300],
    ['probes', '/health/ready', 1_000],
    ['what needs a token', '/v1/payments/x', 1_000],
  ])('all at once on one connection, asking for %s', (_what, path, count) =>
    expectQuick(() => pipelined(path, count)),
  );

  it.each([
    ['a scan', 'POST /v1/scans HTTP/1.1'],
    ['a probe, which has no body', 'GET /health/live HTTP/1.1'],
    ['a signed call', 'POST /aps/api/v1/payments/inquiryPayment HTTP/1.1'],
    ['nothing that is there', 'POST /nothing HTTP/1.1'],
  ])('bodies in tens of thousands of chunks, which do not end, of %s', (_what, start) =>
    expectQuick(() => inCrumbs(start)),
  );

  it('tokens of 15,000 characters', () =>
    expectQuick(() => post('/v1/scans', '{}', { authorization: `Bearer ${'a='.repeat(7_000)}` })));
});
