import type { Backend } from '../ground/drill-ground.js';
import type { Fault, FaultGroup } from './fault.js';
import { FAILOVER_FAULTS } from './failover-faults.js';
import { KEY_FAULTS } from './key-faults.js';
import { LEDGER_FAULTS } from './ledger-faults.js';
import { POSTGRES_FAULTS } from './postgres-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { QUEUE_FAULTS } from './redis-faults.js';
import { RUNBOOK_FAULTS } from './runbook-faults.js';
import { SILENCE_FAULTS } from './silence-faults.js';
import { TWIN_FAULTS } from './twin-faults.js';

export interface FaultChoice {
  readonly backend: Backend;
  readonly groups: ReadonlySet<FaultGroup>;
  /** Only faults that end soon. */
  readonly isShort: boolean;
}

const ALL = [
  ...PROCESS_FAULTS,
  ...QUEUE_FAULTS,
  ...POSTGRES_FAULTS,
  ...TWIN_FAULTS,
  ...LEDGER_FAULTS,
  ...KEY_FAULTS,
  ...SILENCE_FAULTS,
  ...FAILOVER_FAULTS,
  ...RUNBOOK_FAULTS,
];

export function chosenFaults({ backend, groups, isShort }: FaultChoice): Fault[] {
  return ALL.filter(
    ({ group, on, isBrief }) =>
      groups.has(group) && (on === undefined || on === backend) && (!isShort || isBrief === true),
  );
}
