import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillGround } from '../ground/drill-ground.js';
import type { Fault } from './fault.js';

/** Longer than the service waits for the ledger: calls made meanwhile stay in doubt. */
const FREEZE_MS = 3_000;
/** Longer than its alarm takes to fire. */
const OUTAGE_MS = 45_000;

/** The wallet's core fails, also between taking the money and answering. */
export const LEDGER_FAULTS: readonly Fault[] = [
  {
    group: 'ledger',
    name: 'the ledger killed',
    isBrief: true,
    run: async ({ ledger }, random) => {
      await ledger.program.end('SIGKILL');
      await sleep(random.between(0, 3_000));
      await ledger.program.start();
    },
  },
  {
    group: 'ledger',
    name: 'the ledger stopped for 3 s',
    run: (ground) => stopped(ground, FREEZE_MS),
  },
  {
    group: 'ledger',
    name: 'the ledger stopped for 45 s',
    run: (ground) => stopped(ground, OUTAGE_MS),
  },
];

async function stopped({ ledger }: DrillGround, ms: number): Promise<void> {
  ledger.program.freeze();
  try {
    await sleep(ms);
  } finally {
    ledger.program.thaw();
  }
}
