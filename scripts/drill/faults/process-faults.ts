import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../simulate/engine/seeded-random.js';
import type { KeptProgram } from '../programs/kept-program.js';
import type { Fault } from './fault.js';

/** Longer than the longest lease, that of a debit: others have long taken over when it goes on. */
const FREEZE_MS = 17_000;
/** Longer than the lease of a decode, which follows from the drill's time-outs. */
const SHORT_FREEZE_MS = 5_500;

/** Processes of the service that die at once or freeze, in the middle of any work. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    group: 'kill',
    name: 'an API killed',
    isBrief: true,
    run: ({ apis }, random) => killFor(random.between(0, 2_000), [random.pick(apis)]),
  },
  {
    group: 'kill',
    name: 'a worker killed',
    run: ({ workers }, random) => killFor(random.between(0, 2_000), [random.pick(workers)]),
  },
  {
    group: 'kill',
    name: 'both workers killed',
    isBrief: true,
    run: ({ workers }, random) => killFor(random.between(0, 3_000), workers),
  },
  {
    group: 'kill',
    name: 'every process killed',
    run: ({ apis, workers }, random) => killFor(random.between(0, 2_000), [...apis, ...workers]),
  },
  {
    group: 'kill',
    name: 'a worker killed three times',
    run: ({ workers }, random) => killAgainAndAgain(random.pick(workers), random),
  },
  {
    group: 'freeze',
    name: 'a worker stopped for 5.5 s',
    run: ({ workers }, random) => freezeFor(SHORT_FREEZE_MS, random.pick(workers)),
  },
  {
    group: 'freeze',
    name: 'a worker stopped for 17 s',
    run: ({ workers }, random) => freezeFor(FREEZE_MS, random.pick(workers)),
  },
  {
    group: 'freeze',
    name: 'an API stopped for 17 s',
    run: ({ apis }, random) => freezeFor(FREEZE_MS, random.pick(apis)),
  },
];

async function killFor(awayMs: number, programs: readonly KeptProgram[]): Promise<void> {
  await Promise.all(programs.map((program) => program.end('SIGKILL')));
  await sleep(awayMs);
  await Promise.all(programs.map((program) => program.start()));
}

async function killAgainAndAgain(program: KeptProgram, random: SeededRandom): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await killFor(0, [program]);
    await sleep(random.between(100, 1_000));
  }
}

async function freezeFor(stillMs: number, program: KeptProgram): Promise<void> {
  program.freeze();
  try {
    await sleep(stillMs);
  } finally {
    program.thaw();
  }
}
