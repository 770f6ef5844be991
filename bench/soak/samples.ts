import type { Ground } from '../compare/ground.js';
import type { ServerProcess } from '../compare/server-process.js';
import { quantile } from '../statistics.js';
import type { Sample } from '../steady/steadily.js';
import type { Paid } from './payments.js';
import { connections, tableSizes, type TableSize } from './tables.js';

export interface SoakSample {
  /** Since the beginning. */
  readonly seconds: number;
  readonly payments: number;
  readonly memoryMb: number;
  readonly heapMb: number;
  readonly cpuMs: number;
  readonly connections: number;
  readonly scanMs: readonly number[];
  readonly confirmMs: readonly number[];
  readonly tables: readonly TableSize[];
}

export async function sampleOf(
  server: ServerProcess,
  ground: Ground,
  { scans, confirms }: Paid,
  startedAt: number,
): Promise<SoakSample> {
  const { memoryMb, heapMb, cpuMs } = await server.usage();
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    payments: confirms.length,
    memoryMb,
    heapMb,
    cpuMs,
    connections: await connections(ground),
    scanMs: scans.map(tookMs),
    confirmMs: confirms.map(tookMs),
    tables: await tableSizes(ground),
  };
}

export type Figure = (sample: SoakSample) => number;

export const FIGURES = {
  memoryMb: ({ memoryMb }) => memoryMb,
  heapMb: ({ heapMb }) => heapMb,
  connections: (sample) => sample.connections,
  scanP50: ({ scanMs }) => quantile(scanMs, 0.5),
  scanP99: ({ scanMs }) => quantile(scanMs, 0.99),
  confirmP50: ({ confirmMs }) => quantile(confirmMs, 0.5),
  confirmP99: ({ confirmMs }) => quantile(confirmMs, 0.99),
  deadRows: ({ tables }) => sum(tables.map(({ dead }) => dead)),
  queueRows: ({ tables }) => sum(queueTables(tables).map(({ rows }) => rows)),
  queueMb: ({ tables }) => sum(queueTables(tables).map(({ bytes }) => bytes)) / 2 ** 20,
  databaseMb: ({ tables }) => sum(tables.map(({ bytes }) => bytes)) / 2 ** 20,
} as const satisfies Readonly<Record<string, Figure>>;

/** A sample as it is stored; the times of every payment would fill a file that nobody reads. */
export function figuresOf(sample: SoakSample): Readonly<Record<string, unknown>> {
  const { seconds, payments, cpuMs, tables } = sample;
  const figures = Object.entries(FIGURES).map(([name, figure]) => [name, figure(sample)] as const);
  return { seconds, payments, cpuMs, ...Object.fromEntries(figures), tables };
}

/** The tables of the queues have a schema of their own. */
function queueTables(tables: readonly TableSize[]): TableSize[] {
  return tables.filter(({ name }) => name.includes('.'));
}

function tookMs(sample: Sample): number {
  return sample.tookMs;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
