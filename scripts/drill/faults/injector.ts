import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../simulate/engine/seeded-random.js';
import type { DrillGround } from '../ground/drill-ground.js';
import type { Recovery, RecoveryWatch } from '../recovery/recovery-watch.js';
import type { Fault } from './fault.js';

export interface PastFault {
  readonly name: string;
  /** Until the failed part was back. */
  readonly tookMs: number;
  /**
   * The alarms raised from its beginning until all work had moved on, by it or by the other of a pair; absent without
   * Prometheus.
   */
  readonly alarms?: readonly string[];
  readonly isPlanned?: boolean;
}

export interface Injected {
  /** One, or two at the same time. */
  readonly faults: readonly PastFault[];
  /** Measured from the end of the last of them. */
  readonly recovery: Recovery;
}

/** The names of the alarms of a fault that began at that moment and is over now. */
export type FiredSince = (began: Date) => Promise<readonly string[]>;

export interface InjectorOptions {
  readonly ground: DrillGround;
  readonly random: SeededRandom;
  readonly faults: readonly Fault[];
  readonly watch: RecoveryWatch;
  /** Absent where Prometheus is not installed. */
  readonly firedSince?: FiredSince;
  readonly onInjected: (injected: Injected) => void;
  /** The share of faults that come in pairs. */
  readonly pairs: number;
  /** The longest quiet time between two, in ms. */
  readonly quietMs: number;
}

/** Injects one fault after the other, each once before any comes again, in an order drawn by the seed. */
export class Injector {
  private bag: Fault[] = [];

  constructor(private readonly options: InjectorOptions) {}

  /** @param isOver asked before each fault */
  async injectUntil(isOver: (count: number) => boolean): Promise<Injected[]> {
    const { random, quietMs, onInjected } = this.options;
    const injected: Injected[] = [];
    for (let count = 0; !isOver(count);) {
      await sleep(random.between(quietMs / 4, quietMs));
      const done = await this.inject(this.next());
      injected.push(done);
      onInjected(done);
      count += done.faults.length;
    }
    return injected;
  }

  /** Injects each of these alone, in their order. */
  async injectEach(faults: readonly Fault[]): Promise<Injected[]> {
    const injected: Injected[] = [];
    for (const fault of faults) {
      const done = await this.inject([fault]);
      injected.push(done);
      this.options.onInjected(done);
    }
    return injected;
  }

  private async inject(faults: readonly Fault[]): Promise<Injected> {
    const { ground, random, watch, firedSince } = this.options;
    const beganAt = new Date();
    const run = async (fault: Fault): Promise<PastFault> => {
      const startedAt = performance.now();
      await fault.run(ground, random);
      const { name, isPlanned = false } = fault;
      return { name, isPlanned, tookMs: performance.now() - startedAt };
    };
    const past = await Promise.all(faults.map(run));
    const recovery = await watch.untilMovedOn();
    if (firedSince === undefined) return { faults: past, recovery };
    const alarms = await firedSince(beganAt);
    return { faults: past.map((one) => ({ ...one, alarms })), recovery };
  }

  private next(): Fault[] {
    const { random, pairs } = this.options;
    const first = this.draw();
    if (!random.chance(pairs)) return [first];
    const second = this.draw();
    if (goTogether(first, second)) return [first, second];
    this.bag.push(second);
    return [first];
  }

  private draw(): Fault {
    const { random, faults } = this.options;
    if (this.bag.length === 0) this.bag = [...faults];
    const drawn = random.pick(this.bag);
    this.bag = this.bag.filter((fault) => fault !== drawn);
    return drawn;
  }
}

const OF_PROCESSES: ReadonlySet<string> = new Set(['kill', 'freeze']);

const ALONE: ReadonlySet<string> = new Set(['keys', 'failover']);
const OF_CONNECTIONS: ReadonlySet<string> = new Set(['postgres', 'silence']);

/** Two faults of one part would undo each other: one starts a part that the other has just killed. */
function goTogether({ group: one }: Fault, { group: other }: Fault): boolean {
  if (ALONE.has(one) || ALONE.has(other)) return false;
  if (OF_CONNECTIONS.has(one) && OF_CONNECTIONS.has(other)) return false;
  return one !== other && !(OF_PROCESSES.has(one) && OF_PROCESSES.has(other));
}
