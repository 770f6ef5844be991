import autocannon from 'autocannon';
import { A_CONFIRMATION, aScan } from './scenario.js';
import type { ServerProcess } from './server-process.js';

/** What one round of one contender came to. */
export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  /** CPU time of the server process for one request. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  readonly server: ServerProcess;
  readonly token: string;
  readonly requests: number;
  readonly connections: number;
}

/** Scans that many new codes and tells the payments that came of them. */
export async function scanRound(load: Load): Promise<Round & { readonly paymentIds: readonly string[] }> {
  const paymentIds: string[] = [];
  const round = await drive(load, 201, {
    path: '/v1/scans',
    setupRequest: (request) => ({ ...request, body: aScan() }),
    onResponse: (_status, body) => paymentIds.push(/"paymentId":"([^"]+)"/.exec(body)?.[1] ?? ''),
  });
  return { ...round, paymentIds };
}

/** Confirms every one of these payments once. */
export async function confirmRound(
  load: Omit<Load, 'requests'>,
  paymentIds: readonly string[],
): Promise<Round> {
  let next = 0;
  let notPaid = '';
  const round = await drive({ ...load, requests: paymentIds.length }, 200, {
    setupRequest: (request) => {
      const paymentId = paymentIds[next];
      next += 1;
      return { ...request, path: `/v1/payments/${paymentId}/confirm`, body: A_CONFIRMATION };
    },
    onResponse: (_status, body) => {
      if (!body.includes('"status":"PAID"')) notPaid = body;
    },
  });
  if (notPaid !== '') throw new Error(`${load.server.name}: a payment was not paid: ${notPaid}`);
  return round;
}

/** Any answer but the wanted one ends the bench: a quick refusal is no throughput. */
async function drive(load: Load, wanted: number, request: autocannon.Request): Promise<Round> {
  const { server, token, requests, connections } = load;
  const times: number[] = [];
  const unwanted = new Map<number, number>();
  const before = await server.usage();
  const startedAt = performance.now();
  let endedAt = startedAt;
  const target = {
    url: server.url,
    connections,
    amount: requests,
    timeout: 60,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    sampleInt: 50,
    requests: [request],
  };
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(target, (error: unknown, result) => (error ? reject(error) : resolve(result)));
    run.on('response', (_client, status, _bytes, ms) => {
      endedAt = performance.now();
      times.push(ms);
      if (status !== wanted) unwanted.set(status, (unwanted.get(status) ?? 0) + 1);
    });
  });
  const after = await server.usage();
  if (unwanted.size > 0 || errors > 0 || times.length !== requests) {
    const seen = JSON.stringify([...unwanted]);
    const said = `${errors} errors, ${times.length} answers, unwanted ${seen}`;
    throw new Error(`${server.name}: ${said}; its log ends:\n${server.lastWords()}`);
  }
  times.sort((left, right) => left - right);
  return {
    requests,
    perSecond: requests / ((endedAt - startedAt) / 1_000),
    cpuMs: (after.cpuMs - before.cpuMs) / requests,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
