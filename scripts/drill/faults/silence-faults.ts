import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.js';

/** Long after the service has given up the silent connections, so that it never gets an old answer. */
const FORGOTTEN_MS = 20_000;
const BLOCKED_MS = 8_000;

/** Nobody hangs up: packets are dropped, and both sides wait. */
export const SILENCE_FAULTS: readonly Fault[] = [
  {
    group: 'silence',
    name: 'connections to PostgreSQL gone silent',
    isBrief: true,
    run: ({ postgres }) => {
      postgres.swallow(FORGOTTEN_MS);
      return Promise.resolve();
    },
  },
  {
    group: 'silence',
    name: 'PostgreSQL silent for 8 s',
    run: async ({ postgres }) => {
      postgres.block();
      try {
        await sleep(BLOCKED_MS);
      } finally {
        await postgres.open();
      }
    },
  },
];
