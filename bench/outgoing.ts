import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { HttpService } from '@nestjs/axios';
import axios, { type AxiosAdapter } from 'axios';
import { Agent } from 'undici';
import { PostTransport } from '../src/platform/outbound/post-transport.js';
import { addressOf } from '../src/platform/outbound/call-address.js';
import { PostedCall } from '../src/platform/outbound/posted-call.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';
import { wholeNumber } from '../command-line/option-values.js';
import { median } from './statistics.js';

/**
 * The CPU of one outgoing call in this process: today's transport, `HttpService` over an adapter that does no more than
 * the same innermost call of undici, and `HttpService` as it comes. All answers come from a process of its own; the
 * rounds take turns, so that other work of the machine slows all of them alike.
 */
const command = newCommand('mpp bench outgoing', 'What HttpService costs on top of the outgoing call itself.')
  .option('--rounds <n>', 'rounds of each', wholeNumber(1), 12)
  .option('--calls <n>', 'calls of a round', wholeNumber(1), 3_000);
const { rounds, calls } = (await readCommandLine(command)).options;

const AT_ONCE = 16;
const ANSWER = JSON.stringify({
  result: { resultStatus: 'S', resultCode: 'SUCCESS' },
  filler: 'x'.repeat(1_500),
});
const SERVER = `
  const answer = ${JSON.stringify(ANSWER)};
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json', signature: 'x'.repeat(400) }).end(answer));
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
`;

const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
process.once('exit', () => server.kill());
const [port] = (await once(server.stdout, 'data')) as [Buffer];
const url = `http://127.0.0.1:${port.toString()}/aps/api/v1/payments/userInitiatedPay`;
const body = Buffer.from(JSON.stringify({ codeValue: 'c'.repeat(60), customerId: 'customer-rich' }));
const headers = {
  'Content-Type': 'application/json; charset=UTF-8',
  'Client-Id': 'bench',
  'Request-Time': new Date(0).toISOString(),
  Signature: 's'.repeat(400),
};

const transport = new PostTransport();
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const asItIs = [(bytes: unknown) => bytes];
const thin = new HttpService(
  axios.create({
    adapter: overUndici(agent),
    transformRequest: asItIs,
    transformResponse: asItIs,
    validateStatus: null,
  }),
);
const usual = new HttpService(axios.create());
const plain = { responseType: 'arraybuffer', maxRedirects: 0, proxy: false, decompress: false } as const;

const WAYS: readonly (readonly [name: string, call: () => Promise<unknown>])[] = [
  ['today', () => transport.post({ url, headers, body, timeoutMs: 8_000 })],
  ['HttpService over undici', () => thin.axiosRef.post(url, body, { headers, ...plain, timeout: 8_000 })],
  ['HttpService as it comes', () => usual.axiosRef.post(url, body, { headers, ...plain, timeout: 8_000 })],
];

const figures = new Map<string, number[]>(WAYS.map(([name]) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, call] of WAYS) {
    const ms = await cpuOf(call);
    // The first round of each only warms up.
    if (round >= 0) figures.get(name)?.push(ms);
  }
}
const today = median(figures.get('today') ?? []);
for (const [name, times] of figures) {
  const ms = median(times);
  console.log(`${name.padEnd(26)} ${ms.toFixed(3)} ms of CPU a call   + ${(ms - today).toFixed(3)} ms`);
}
await Promise.all([transport.onApplicationShutdown(), agent.destroy()]);
server.kill();

/** Only what `HttpService` needs: the bytes, the status and the headers. */
function overUndici(dispatcher: Agent): AxiosAdapter {
  return async (config) => {
    const { origin = '', path = '' } = addressOf(config.url ?? '') ?? {};
    const call = new PostedCall({ timeoutMs: config.timeout ?? 0, maxBytes: 1024 * 1024 });
    const options = {
      origin,
      path,
      method: 'POST',
      headers: config.headers.toJSON(),
      body: config.data,
    };
    dispatcher.dispatch(options, call);
    const end = await call.ended;
    if (end.httpStatus === undefined) throw new Error('no answer', { cause: end.error });
    return { data: end.body, status: end.httpStatus, statusText: '', headers: end.headers as never, config };
  };
}

async function cpuOf(call: () => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage();
  let left = calls;
  const caller = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000 / calls;
}
