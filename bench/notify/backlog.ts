import { setTimeout as sleep } from 'node:timers/promises';
import { untilAllAreDelivered, type Ground } from './ground.js';
import type { NotifyOptions } from './options.js';
import { quantile } from '../statistics.js';

const FRESH_EVERY_MS = 50;
const IDLE_MS = 30_000;
/** The backlog came due ten minutes ago, as after an outage. */
const OUTAGE_S = -600;

interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Backlog {
  readonly idle: Latency;
  readonly draining: Latency;
  readonly p50Ratio: number;
  readonly p99Ratio: number;
  readonly perSecond: number;
  /** How fast the last fifth of the backlog went, against the first. */
  readonly lastToFirst: number;
}

/** How long fresh results take, from their commit to the commit of their acknowledgement, while a backlog drains. */
export async function measureBacklog(ground: Ground, options: NotifyOptions): Promise<Backlog> {
  const stopIdle = trickle(ground);
  await sleep(IDLE_MS);
  const idle = await latencyOf(ground, await stopIdle());
  options.say(`idle       ${told(idle)}`);
  const old = await ground.make(options.count, OUTAGE_S);
  const { rows: made } = await ground.pool.query<{ now: Date }>('select db_now() as now');
  const stop = trickle(ground);
  await ground.poke();
  await untilAllAreDelivered(ground.pool, 3_600_000);
  const draining = await latencyOf(ground, await stop());
  options.say(`draining   ${told(draining)}`);
  const { perSecond, lastToFirst } = await paceOf(ground, old, made[0]?.now);
  return {
    idle,
    draining,
    p50Ratio: draining.p50Ms / idle.p50Ms,
    p99Ratio: draining.p99Ms / idle.p99Ms,
    perSecond,
    lastToFirst,
  };
}

export function backlogTable(found: Backlog): string {
  return [
    `drained at ${found.perSecond.toFixed(0)} a second, the last fifth at ${found.lastToFirst.toFixed(2)} of the pace of the first`,
    `fresh ones while it drains: p50 ${found.p50Ratio.toFixed(2)}, p99 ${found.p99Ratio.toFixed(2)} times idle`,
  ].join('\n');
}

/** Commits a fresh result now and then, and pokes the queue, until it is stopped. */
function trickle(ground: Ground): () => Promise<string[]> {
  const ids: string[] = [];
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      ids.push(...(await ground.make(1)));
      void ground.poke();
      await sleep(FRESH_EVERY_MS);
    }
  })();
  return async () => {
    isStopped = true;
    await running;
    await untilAllAreDelivered(ground.pool, 60_000);
    return ids;
  };
}

async function latencyOf({ pool }: Ground, ids: readonly string[]): Promise<Latency> {
  const { rows } = await pool.query<{ ms: number }>(
    `select (extract(epoch from delivered_at - created_at) * 1000)::float8 as ms from notification
     where payment_id = any ($1::uuid[])`,
    [ids],
  );
  const values = rows.map(({ ms }) => ms);
  return { count: values.length, p50Ms: quantile(values, 0.5), p99Ms: quantile(values, 0.99) };
}

/** Of those delivered after all were made: making them is work of the same machine. */
async function paceOf(
  { pool }: Ground,
  ids: readonly string[],
  madeAt: Date | undefined,
): Promise<{ readonly perSecond: number; readonly lastToFirst: number }> {
  const { rows } = await pool.query<{ fifth: number; pace: number }>(
    `select fifth, (count(*) / extract(epoch from max(delivered_at) - min(delivered_at)))::float8 as pace from (
       select delivered_at, ntile(5) over (order by delivered_at) as fifth from notification
       where payment_id = any ($1::uuid[]) and delivered_at > $2) n
     group by rollup (fifth) order by fifth nulls last`,
    [ids, madeAt],
  );
  const paces = rows.map(({ pace }) => pace);
  const [first = Number.NaN, last = Number.NaN, perSecond = Number.NaN] = [paces[0], paces[4], paces[5]];
  return { perSecond, lastToFirst: last / first };
}

function told({ count, p50Ms, p99Ms }: Latency): string {
  return `${count} fresh results   p50 ${p50Ms.toFixed(0)} ms   p99 ${p99Ms.toFixed(0)} ms`;
}
