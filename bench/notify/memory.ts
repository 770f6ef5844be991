import { setTimeout as sleep } from 'node:timers/promises';
import { untilAllAreDelivered, type Ground } from './ground.js';
import type { NotifyOptions } from './options.js';
import { median } from '../statistics.js';

const PARTS = 20;

interface MemoryMark {
  readonly delivered: number;
  /** Memory still in use after a full collection. */
  readonly heapMb: number;
  readonly residentMb: number;
}

export interface Memory {
  readonly marks: readonly MemoryMark[];
  /** The last quarter compared with the second one; the first only fills caches. */
  readonly heapGrowth: number;
  readonly residentGrowth: number;
}

/** Delivers one part after another and measures the memory of the process after each. */
export async function measureMemory(ground: Ground, options: NotifyOptions): Promise<Memory> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  const part = Math.ceil(options.count / PARTS);
  const marks: MemoryMark[] = [];
  for (let at = 1; at <= PARTS; at += 1) {
    await ground.make(part);
    await ground.poke();
    await untilAllAreDelivered(ground.pool, 600_000);
    await sleep(500);
    gc();
    const { heapUsed, rss } = process.memoryUsage();
    const mark = { delivered: at * part, heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20 };
    marks.push(mark);
    options.say(memoryLine(mark));
  }
  return {
    marks,
    heapGrowth: growthOf(marks.map(({ heapMb }) => heapMb)),
    residentGrowth: growthOf(marks.map(({ residentMb }) => residentMb)),
  };
}

export function memoryTable({ heapGrowth, residentGrowth }: Memory): string {
  return `heap ${heapGrowth.toFixed(2)}, resident memory ${residentGrowth.toFixed(2)} in the last quarter, as multiples of the second`;
}

function growthOf(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  return median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter));
}

function memoryLine({ delivered, heapMb, residentMb }: MemoryMark): string {
  return `${String(delivered).padStart(7)} delivered   heap ${heapMb.toFixed(1)} MB   resident ${residentMb.toFixed(0)} MB`;
}
