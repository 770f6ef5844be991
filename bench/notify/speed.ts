import { BareLoop } from './bare-loop.js';
import { prepareGround, untilAllAreDelivered } from './ground.js';
import { median } from './median.js';

const NOTIFICATIONS = 500;
const ROUNDS = 7;

interface Run {
  readonly perSecond: number;
  /** Of this process, without the database and the far side. */
  readonly cpuMs: number;
}

/**
 * One worker through the real code against the bare loop: the same far side, the same PostgreSQL with its fsync, the
 * same number of calls at once, taking turns in one process, so that the ratio means something whatever else the
 * machine does.
 */
export async function measureSpeed(): Promise<void> {
  const ground = await prepareGround();
  const bareLoop = new BareLoop(ground.pool, ground.farSideUrl);
  const bare: Run[] = [];
  const real: Run[] = [];
  try {
    // The first round of each only warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ids = await bareLoop.fill(NOTIFICATIONS);
      bare.push(await measured(() => bareLoop.deliver(ids)));
      await ground.makeDue(NOTIFICATIONS);
      real.push(
        await measured(async () => {
          await ground.poke();
          await untilAllAreDelivered(ground.pool, 120_000);
        }),
      );
    }
    print('bare loop', bare.slice(1));
    print('one worker', real.slice(1));
    const ratios = real
      .slice(1)
      .map(({ perSecond }, at) => perSecond / (bare[at + 1]?.perSecond ?? Number.NaN));
    console.log(`ratio       ${median(ratios).toFixed(2)} of the bare loop (median of ${ROUNDS} rounds)`);
    console.log(`            ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`);
  } finally {
    bareLoop.close();
    await ground.stop();
  }
}

async function measured(run: () => Promise<void>): Promise<Run> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: NOTIFICATIONS / seconds, cpuMs: (user + system) / 1_000 / NOTIFICATIONS };
}

function print(what: string, runs: readonly Run[]): void {
  const perSecond = median(runs.map((run) => run.perSecond));
  const cpuMs = median(runs.map((run) => run.cpuMs));
  console.log(
    `${what.padEnd(11)} ${perSecond.toFixed(0)} notifications a second, ${cpuMs.toFixed(2)} ms of CPU each`,
  );
}
