import type { Fault } from './fault.js';

/** Its end is the moment at which the promoted standby takes writes; what the service makes of it is the recovery. */
export const FAILOVER_FAULTS: readonly Fault[] = [
  {
    group: 'failover',
    name: 'the primary killed, its standby promoted',
    run: ({ postgres }) => postgres.failOver(),
  },
];
