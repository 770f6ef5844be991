import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadRows } from '../books/read-rows.js';
import type { Troubles } from '../load/troubles.js';
import { standingStill, unfinishedWork, type UnfinishedWork } from './unfinished.js';

export interface Recovery {
  /** From the end of the fault until all work unfinished then had moved on; undefined: not in time. */
  readonly ms: number | undefined;
  /** The number of unfinished items at the end of the fault, requests of apps included. */
  readonly work: number;
  /** The item that moved on last, and so decided the time. */
  readonly last: string;
  /** The items that had not moved on when the time was over. */
  readonly left: readonly UnfinishedWork[];
}

const RECOVERY_PATIENCE_MS = 90_000;
const LOOK_AGAIN_MS = 100;

/** Measures how long it takes after a fault until no work stands still any more. */
export class RecoveryWatch {
  constructor(
    private readonly read: ReadRows,
    private readonly troubles: Troubles,
  ) {}

  /** To be called at the very end of a fault. */
  async untilMovedOn(): Promise<Recovery> {
    const startedAt = performance.now();
    const requests = this.troubles.now();
    const waiting = requests.left();
    let left = await unfinishedWork(this.read);
    const work = left.length + waiting;
    let last = 'nothing';
    for (;;) {
      const ms = performance.now() - startedAt;
      if (left.length === 0 && requests.left() === 0) return { ms, work, last, left };
      if (ms > RECOVERY_PATIENCE_MS) return { ms: undefined, work, last, left };
      last = left[0]?.what ?? 'a request of an app';
      await sleep(LOOK_AGAIN_MS);
      // The more has moved on, the less is read; new work is not waited for.
      left = left.length === 0 ? left : standingStill(left, await unfinishedWork(this.read));
    }
  }
}
