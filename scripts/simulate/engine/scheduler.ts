import type { History } from './history.js';
import type { SeededRandom } from './seeded-random.js';
import { outsideProcesses, type SimProcess } from './sim-process.js';
import { Violation } from './violation.js';

export interface Operation {
  /** Dies with this process; without an owner it survives, like a message in the network. */
  readonly owner?: SimProcess | undefined;
  /** Not before this time; at once when absent. */
  readonly atMs?: number | undefined;
  /** Actor and action, for the history; an operation without a label leaves no line. */
  readonly who?: string | undefined;
  readonly label?: string | undefined;
  /** Waits while this is false. */
  readonly mayRun?: () => boolean;
  readonly run: () => void | Promise<void>;
}

const realImmediate = setImmediate;

/** No history needs more steps; one that does never ends. */
const MOST_STEPS = 30_000;

/**
 * Owns every wait of the simulated world. Exactly one operation proceeds at a time, drawn by the seed among the
 * possible ones; then everything runs on until it waits again. So one seed gives one history.
 */
export class Scheduler {
  nowMs = 0;
  steps = 0;
  private operations: Operation[] = [];

  constructor(
    readonly random: SeededRandom,
    readonly history: History,
  ) {}

  /** An operation of a process that died in this very moment never happens. */
  add(operation: Operation): Operation {
    // The database's clock takes no others, and a clock that cannot be set would stand still unnoticed.
    if (!Number.isInteger(operation.atMs ?? 0)) throw new Error('an operation needs whole ms');
    if (operation.owner?.alive !== false) this.operations.push(operation);
    return operation;
  }

  remove(operation: Operation): void {
    this.operations = this.operations.filter((one) => one !== operation);
  }

  removeWhere(isGone: (operation: Operation) => boolean): number {
    const before = this.operations.length;
    this.operations = this.operations.filter((one) => !isGone(one));
    return before - this.operations.length;
  }

  /** A wait in virtual time, for the world's own actors. */
  delay(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.add({ atMs: this.nowMs + delayMs, run: resolve }));
  }

  /** Work of the world's own actors that waits for something real, in its turn like everything else. */
  perform<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => this.add({ run: async () => resolve(await work()) }));
  }

  tell(who: string, what: string): void {
    this.history.tell(this.nowMs, who, what);
  }

  /** One step; false when no operation is left that could ever proceed. */
  async step(afterStep: () => Promise<void>): Promise<boolean> {
    await this.settle();
    const next = this.draw();
    if (!next) return false;
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new Violation(10, `not at rest after ${MOST_STEPS} steps`);
    this.remove(next);
    if (next.label !== undefined) this.tell(next.who ?? next.owner?.name ?? 'world', next.label);
    await outsideProcesses(() => next.run());
    await afterStep();
    return true;
  }

  /** Lets everything run on until it waits for an operation: a macrotask comes after all that is ready. */
  private async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      realImmediate(resolve);
    });
  }

  private draw(): Operation | undefined {
    if (this.random.chance(0.1)) this.nowMs += this.random.between(1, 40);
    for (;;) {
      const ready = this.operations.filter((one) => this.isReady(one));
      if (ready.length > 0) return this.random.pick(ready);
      const later = this.operations.map((one) => this.earliestMs(one)).filter((at) => at > this.nowMs);
      if (later.length === 0) return undefined;
      this.nowMs = Math.min(...later);
    }
  }

  private isReady(operation: Operation): boolean {
    return this.earliestMs(operation) <= this.nowMs && (operation.mayRun?.() ?? true);
  }

  private earliestMs({ atMs, owner }: Operation): number {
    return Math.max(atMs ?? 0, owner?.pausedUntilMs ?? 0);
  }
}
