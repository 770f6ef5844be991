import { isRefusedValue } from './conflict-retry.js';
import { PlatformError } from '../http/platform-error.js';

/** All groups to the database were busy for too long. Nothing was sent, so the call may be repeated. */
export class DatabaseBusy extends PlatformError {
  readonly code = 'DATABASE_BUSY';
  readonly retry = 'later';

  constructor(waitedMs: number) {
    super(`nothing was free to write with for ${waitedMs} ms`);
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly sinceMs: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface GroupRules {
  /** Items of one group. */
  readonly most: number;
  /** How long the first item of a group waits for others; absent: for what comes in the same turn of the event loop. */
  readonly lingerMs?: number;
  /** Groups on their way at the same time, one when absent: a group that waits for a lock then holds up only itself. */
  readonly atOnce?: number;
  /** How long an item waits for its group to leave, and at most twice as long; absent: for ever. */
  readonly patienceMs?: number;
}

/**
 * Writes items in groups: what comes within a moment, or while others are on their way to the database, shares one
 * statement and one commit. Each caller hears of its own item only once it is committed.
 */
export class GroupedWrites<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private onTheirWay = 0;
  private isGathering = false;
  private watch: NodeJS.Timeout | undefined;

  /** @param writeAll commits all items or none; its results are in the order of the items */
  constructor(
    private readonly writeAll: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly rules: GroupRules,
  ) {}

  /** @throws DatabaseBusy when its group did not leave in time */
  write(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, sinceMs: performance.now(), resolve, reject });
      if (this.isGathering) return;
      if (!this.hasWayFree()) return this.watchOver();
      // All requests that have arrived are read before this runs. That costs a single request nothing; under load it
      // saves two statements in five.
      this.isGathering = true;
      setImmediate(() => this.leave());
    });
  }

  private leave(): void {
    this.isGathering = false;
    while (this.waiting.length > 0 && this.hasWayFree()) void this.writeOn();
    if (this.waiting.length > 0) this.watchOver();
  }

  private hasWayFree(): boolean {
    return this.onTheirWay < (this.rules.atOnce ?? 1);
  }

  /** When every group is stuck, callers who wait get an error: else all of them would wait for the last one to end. */
  private watchOver(): void {
    const { patienceMs } = this.rules;
    if (patienceMs === undefined || this.watch !== undefined) return;
    this.watch = setTimeout(() => {
      this.watch = undefined;
      const cameByMs = performance.now() - patienceMs;
      const isLate = ({ sinceMs }: { readonly sinceMs: number }): boolean => sinceMs <= cameByMs;
      const late = this.waiting.filter(isLate);
      this.waiting = this.waiting.filter((one) => !isLate(one));
      for (const { reject } of late) reject(new DatabaseBusy(patienceMs));
      if (this.waiting.length > 0) this.watchOver();
    }, patienceMs).unref();
  }

  private async writeOn(): Promise<void> {
    const { most, lingerMs } = this.rules;
    this.onTheirWay += 1;
    try {
      while (this.waiting.length > 0) {
        if (lingerMs !== undefined && this.waiting.length < most) await pause(lingerMs);
        await this.writeGroup(this.waiting.splice(0, most));
      }
    } finally {
      this.onTheirWay -= 1;
    }
  }

  private async writeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.writeAll(group.map(({ item }) => item));
      for (const [at, { resolve, reject }] of group.entries()) {
        const result = results[at];
        if (result === undefined) reject(new Error('a group was written without a result for each item'));
        else resolve(result);
      }
    } catch (error) {
      // One item that the database refuses must not take the others with it.
      if (group.length > 1 && isRefusedValue(error)) for (const one of group) await this.writeGroup([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}
