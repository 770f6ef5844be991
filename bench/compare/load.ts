import autocannon from 'autocannon';
import { quantile } from '../statistics.js';
import { CUSTOMERS, aScan } from './scenario.js';
import type { ServerProcess } from './server-process.js';

/** What one round of one contender came to. */
export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  /** CPU time of the server's processes for one request. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  /** One, or several among which connections and requests are shared out evenly. */
  readonly servers: readonly ServerProcess[];
  readonly token: string;
  readonly requests: number;
  readonly connections: number;
  /** Whose scans they are; one of them at random each time. */
  readonly payers?: readonly string[];
}

/** A payment as its payer was shown it. */
export interface ScannedPayment {
  readonly paymentId: string;
  /** The body that confirms it. */
  readonly confirmation: string;
}

/** Scans that many new codes and tells the payments that came of them. */
export async function scanRound(
  load: Load,
): Promise<Round & { readonly payments: readonly ScannedPayment[] }> {
  const { payers = CUSTOMERS } = load;
  const payments: ScannedPayment[] = [];
  const round = await drive(load, 201, {
    path: '/v1/scans',
    setupRequest: (request) => ({ ...request, body: aScan(payers) }),
    onResponse: (_status, body) => payments.push(shownIn(body)),
  });
  return { ...round, payments };
}

/** Confirms every one of these payments once. */
export async function confirmRound(
  load: Omit<Load, 'requests' | 'payers'>,
  payments: readonly ScannedPayment[],
): Promise<Round> {
  let next = 0;
  let notPaid = '';
  const round = await drive({ ...load, requests: payments.length }, 200, {
    setupRequest: (request) => {
      const payment = payments[next];
      next += 1;
      return { ...request, path: `/v1/payments/${payment?.paymentId}/confirm`, body: payment?.confirmation };
    },
    onResponse: (_status, body) => {
      if (!body.includes('"status":"PAID"')) notPaid = body;
    },
  });
  if (notPaid !== '') throw new Error(`${namesOf(load.servers)}: a payment was not paid: ${notPaid}`);
  return round;
}

const PAY_AMOUNT = /"payAmount":\{"currency":"([A-Z]{3})","value":"(\d+)"/;

function shownIn(body: string): ScannedPayment {
  const [, currency, value] = PAY_AMOUNT.exec(body) ?? [];
  return {
    paymentId: /"paymentId":"([^"]+)"/.exec(body)?.[1] ?? '',
    confirmation: JSON.stringify({ payAmount: { currency, value } }),
  };
}

/** Any answer but the wanted one ends the bench: a quick refusal is not throughput. */
async function drive(load: Load, wanted: number, request: autocannon.Request): Promise<Round> {
  const { servers, requests } = load;
  const times: number[] = [];
  const unwanted = new Map<number, number>();
  const before = await cpuMsOf(servers);
  const startedAt = performance.now();
  let endedAt = startedAt;
  const seen = (status: number, ms: number): void => {
    endedAt = performance.now();
    times.push(ms);
    if (status !== wanted) unwanted.set(status, (unwanted.get(status) ?? 0) + 1);
  };
  const errors = await Promise.all(servers.map((_, at) => fire(load, at, request, seen)));
  const after = await cpuMsOf(servers);
  if (unwanted.size > 0 || errors.some((count) => count > 0) || times.length !== requests) {
    const said = `errors ${errors.join()}, ${times.length} answers, unwanted ${JSON.stringify([...unwanted])}`;
    const logs = servers.map((server) => server.lastWords()).join('\n');
    throw new Error(`${namesOf(servers)}: ${said}; the log ends:\n${logs}`);
  }
  times.sort((left, right) => left - right);
  return {
    requests,
    perSecond: requests / ((endedAt - startedAt) / 1_000),
    cpuMs: (after - before) / requests,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

/** The share of the server at that place; answers how many requests failed. */
async function fire(
  load: Load,
  at: number,
  request: autocannon.Request,
  seen: (status: number, ms: number) => void,
): Promise<number> {
  const target = {
    url: load.servers[at]?.url ?? '',
    connections: share(load.connections, load.servers.length, at),
    amount: share(load.requests, load.servers.length, at),
    timeout: 60,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${load.token}` },
    sampleInt: 50,
    requests: [request],
  };
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(target, (error: unknown, result) => (error ? reject(error) : resolve(result)));
    run.on('response', (_client, status, _bytes, ms) => seen(status, ms));
  });
  return errors;
}

function share(whole: number, among: number, at: number): number {
  return Math.floor((whole + at) / among);
}

async function cpuMsOf(servers: readonly ServerProcess[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.usage()));
  return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

function namesOf(servers: readonly ServerProcess[]): string {
  return servers.map(({ name }) => name).join(' and ');
}
