import { Session } from 'node:inspector/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { medianOf, ratioOf } from '../statistics.js';
import { Floor } from './floor.js';
import { untilAllAreDelivered, type Ground } from './ground.js';
import type { NotifyOptions } from './options.js';

/** Due only after the measurement, so that the service leaves the floor's rows alone. */
const LATER_S = 3_600;
const OUTPUT = 'out/bench-results';

interface Run {
  readonly perSecond: number;
  /** CPU time of this process for one delivery, RSA included, without the database and the far side. */
  readonly cpuMs: number;
}

export interface Speed {
  readonly floor: readonly Run[];
  readonly service: readonly Run[];
  readonly throughput: number;
  readonly cpu: number;
}

/**
 * One worker with the real code against the floor: the same far side, the same PostgreSQL with fsync, the same tables
 * and the same number of calls at once. They take turns in one process, so that the ratio is valid whatever else the
 * machine does.
 */
export async function measureSpeed(ground: Ground, options: NotifyOptions): Promise<Speed> {
  const floor = new Floor(ground.pool, ground.farSideUrl);
  const runs = { floor: new Array<Run>(), service: new Array<Run>() };
  // The first turn of each only warms up.
  for (let turn = 0; turn <= options.rounds; turn += 1) {
    const ids = await ground.make(options.count, LATER_S);
    const bare = await measured(options.count, () => floor.deliver(ids));
    await ground.make(options.count);
    const throughTheService = () =>
      measured(options.count, async () => {
        await ground.poke();
        await untilAllAreDelivered(ground.pool, 600_000);
      });
    const isProfiled = options.profile && turn === options.rounds;
    const real = await (isProfiled ? profiled(throughTheService) : throughTheService());
    if (turn === 0) continue;
    runs.floor.push(bare);
    runs.service.push(real);
    options.say(`round ${turn}   floor ${brief(bare)}   service ${brief(real)}`);
  }
  await floor.close();
  return {
    ...runs,
    throughput: ratioOf(runs.service, runs.floor, 'perSecond'),
    cpu: ratioOf(runs.service, runs.floor, 'cpuMs'),
  };
}

export function speedTable({ floor, service, throughput, cpu }: Speed): string {
  const row = (name: string, runs: readonly Run[]) =>
    `${name.padEnd(8)} ${medianOf(runs, 'perSecond').toFixed(0).padStart(6)} a second   ${medianOf(runs, 'cpuMs').toFixed(2)} ms of CPU each`;
  const ratio = `throughput ${throughput.toFixed(2)} of the floor, CPU ${cpu.toFixed(2)} times the floor's (medians of ${floor.length} rounds)`;
  return [row('floor', floor), row('service', service), ratio].join('\n');
}

async function measured(count: number, run: () => Promise<void>): Promise<Run> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1_000 / count };
}

async function profiled<T>(run: () => Promise<T>): Promise<T> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(`${OUTPUT}/notify.cpuprofile`, JSON.stringify(profile));
  return result;
}

function brief({ perSecond, cpuMs }: Run): string {
  return `${perSecond.toFixed(0)}/s ${cpuMs.toFixed(2)} ms`;
}
