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

/** Something that goes wrong. */
export interface Fault {
  readonly group: FaultGroup;
  /** As the report names it. */
  readonly name: string;
  /** Only with this backend. */
  readonly on?: Backend;
  /** Also in a short drill. */
  readonly isBrief?: boolean;
  /** What operators do in order, such as a release: it has to wake nobody, however long it takes. */
  readonly isPlanned?: boolean;
  /**
   * Resolves at the end of the fault: what was away is back and says that it is ready, what was slow or lied does so no
   * more. What the fault leaves undone is not its business.
   */
  run(ground: DrillGround, random: SeededRandom): Promise<void>;
}
