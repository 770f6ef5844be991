import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Agent, request } from 'undici';
import { CUSTOMERS, aScan } from '../compare/scenario.js';
import { quantile } from '../statistics.js';

/** The task of a thread of apps. */
export interface Flood {
  readonly url: string;
  readonly token: string;
  readonly apps: number;
  readonly seconds: number;
}

/** The outcome of their scans. */
export interface Flooded {
  readonly decoded: number;
  readonly undecided: number;
  readonly refused: number;
  /** Of the decoded ones. */
  readonly p99Ms: number;
}

async function flood({ url, token, apps, seconds }: Flood): Promise<Flooded> {
  const agent = new Agent({ connections: apps, pipelining: 1 });
  const endsAt = performance.now() + seconds * 1_000;
  const decodedMs: number[] = [];
  let [undecided, refused] = [0, 0];
  const app = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const began = performance.now();
      const { statusCode, headers, body } = await request(`${url}/v1/scans`, {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: aScan(CUSTOMERS),
      });
      await body.dump();
      if (statusCode === 201) decodedMs.push(performance.now() - began);
      else if (statusCode === 202) undecided += 1;
      else if (statusCode === 503) refused += 1;
      else throw new Error(`a scan was answered ${statusCode}`);
      if (statusCode === 503) await sleep(Number(headers['retry-after']) * 1_000);
    }
  };
  await Promise.all(Array.from({ length: apps }, app));
  await agent.close();
  return { decoded: decodedMs.length, undecided, refused, p99Ms: quantile(decodedMs, 0.99) };
}

const flooded = await flood(workerData as Flood); // flood.ts starts it with this
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(flooded);
