import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from '../statistics.js';
import { steadily, type Sample } from '../steady/steadily.js';
import type { BacklogOptions } from './options.js';
import type { PendingScans } from './pending-scans.js';

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Drain {
  readonly drained: number;
  readonly seconds: number;
}

interface BacklogRound extends Drain {
  /** Before and after the drain together, because the machine may have changed by then. */
  readonly idle: Latency;
  readonly draining: Latency;
}

export interface Backlog {
  readonly rounds: readonly BacklogRound[];
  readonly p50Ratio: number;
  readonly p99Ratio: number;
  readonly drained: number;
  readonly perSecond: number;
}

const WARM_UP_S = 10;
const LOOK_EVERY_MS = 10_000;
/** By then everything begun before is over. */
const CALM_MS = 5_000;

type Say = (line: string) => void;

/** Measures new scans at one steady rate, alternately while nothing waits and while a whole backlog drains. */
export async function measureBacklog(
  scans: PendingScans,
  scan: () => Promise<unknown>,
  options: BacklogOptions,
  say: Say,
): Promise<Backlog> {
  const during = async <T>(work: () => Promise<T>): Promise<[Sample[], T]> => {
    const steady = steadily(options.fresh, async () => void (await scan()));
    const result = await work();
    return [await steady.stop(), result];
  };
  const idling = async (): Promise<Sample[]> => {
    const [samples] = await during(() => sleep(options.idleSeconds * 1_000));
    say(told('idle', latencyOf(samples)));
    return samples;
  };
  await during(() => sleep(WARM_UP_S * 1_000));
  const rounds: BacklogRound[] = [];
  let before = await idling();
  for (let round = 1; round <= options.rounds; round += 1) {
    await scans.make(options.pending);
    await sleep(CALM_MS);
    const [samples, drain] = await during(() => watched(scans, options, say));
    const draining = latencyOf(samples);
    say(told('draining', draining));
    await scans.end();
    await sleep(CALM_MS);
    const after = await idling();
    rounds.push({ ...drain, draining, idle: latencyOf([...before, ...after]) });
    before = after;
  }
  return found(rounds);
}

/** Until nothing waits any more or the time is over. */
async function watched(scans: PendingScans, options: BacklogOptions, say: Say): Promise<Drain> {
  const { minutes, rounds, rate } = options;
  const [startedAt, atStart] = [performance.now(), await scans.left()];
  for (let left = atStart; ;) {
    const leftMs = (minutes / rounds) * 60_000 - (performance.now() - startedAt);
    await sleep(Math.max(0, Math.min(LOOK_EVERY_MS, leftMs, (left / rate) * 1_000)));
    left = await scans.left();
    const seconds = (performance.now() - startedAt) / 1_000;
    const drained = atStart - left;
    say(`  ${seconds.toFixed(0).padStart(4)} s   ${left} wait   ${(drained / seconds).toFixed(1)} a second`);
    if (left === 0 || leftMs <= LOOK_EVERY_MS) return { drained, seconds };
  }
}

/** The median of the ratios of all rounds: the two values of a ratio were measured one after the other. */
function found(rounds: readonly BacklogRound[]): Backlog {
  const ratio = (figure: 'p50Ms' | 'p99Ms'): number =>
    median(rounds.map(({ draining, idle }) => draining[figure] / idle[figure]));
  const sum = (figure: keyof Drain): number => rounds.reduce((all, round) => all + round[figure], 0);
  return {
    rounds,
    p50Ratio: ratio('p50Ms'),
    p99Ratio: ratio('p99Ms'),
    drained: sum('drained'),
    perSecond: sum('drained') / sum('seconds'),
  };
}

function latencyOf(samples: readonly Sample[]): Latency {
  const times = samples.map(({ tookMs }) => tookMs);
  return { count: times.length, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}

function told(phase: string, { count, p50Ms, p99Ms }: Latency): string {
  return `${phase.padEnd(12)} ${count} new scans   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms`;
}
