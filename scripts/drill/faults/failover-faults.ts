import type { Fault } from './fault.js';

/** Ends when the promoted standby accepts writes; the service's reaction after that is the recovery. */
export const FAILOVER_FAULTS: readonly Fault[] = [
  {
    group: 'failover',
    name: 'the primary killed, its standby promoted',
    run: ({ postgres }) => postgres.failOver(),
  },
];
