import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.js';

/** Longer than the service waits for the ledger: what it was asked meanwhile stays in doubt. */
const FREEZE_MS = 3_000;

/** The wallet's core goes away, also between taking the money and saying so. */
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
    run: async ({ ledger }) => {
      ledger.program.freeze();
      try {
        await sleep(FREEZE_MS);
      } finally {
        ledger.program.thaw();
      }
    },
  },
];
