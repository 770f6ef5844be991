import type { SeededRandom } from '../../simulate/engine/seeded-random.js';
import type { Backend, DrillGround } from '../ground/drill-ground.js';

export const FAULT_GROUPS = [
  'kill',
  'freeze',
  'redis',
  'postgres',
  'twin',
  'ledger',
  'keys',
  'silence',
  'failover',
  'runbook',
] as const;
export type FaultGroup = (typeof FAULT_GROUPS)[number];

/** A fault that the drill injects. */
export interface Fault {
  readonly group: FaultGroup;
  /** Its name in the report. */
  readonly name: string;
  /** Only with this backend. */
  readonly on?: Backend;
  /** Also in a short drill. */
  readonly isBrief?: boolean;
  /** An operation in order, such as a release: it must raise no alarm, however long it takes. */
  readonly isPlanned?: boolean;
  /**
   * Resolves at the end of the fault: a part that was down is up and ready, a slow or lying one is normal again. The
   * consequences are left to the service.
   */
  run(ground: DrillGround, random: SeededRandom): Promise<void>;
}
