import { AsyncLocalStorage } from 'node:async_hooks';
import { sqlStateOf } from '../../../src/platform/database/conflict-retry.js';
import { Database, type Runner, type Statement } from '../../../src/platform/database/database.js';
import { openPool } from '../../../src/platform/database/pool.js';
import type { SimProcess } from '../engine/sim-process.js';
import type { StatementLanes } from './statement-lanes.js';

const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 6;

const inTransaction = new AsyncLocalStorage<boolean>();

/** Whether the caller has an open transaction: then it must make no call. */
export function isInTransaction(): boolean {
  return inTransaction.getStore() === true;
}

/** The database for one simulated process: the real server, through the scheduler. */
export class SimDatabase extends Database {
  constructor(
    private readonly lanes: StatementLanes,
    private readonly owner: SimProcess,
  ) {
    // Never connected: both methods that would use it are replaced.
    super(openPool('postgres://127.0.0.1/none', { name: 'simulated', max: 1 }));
  }

  override run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return again(() => this.lanes.run(this.owner, statement, values) as Promise<Row[]>); // the caller states the row shape
  }

  override transaction<T>(work: (transaction: Runner) => Promise<T>): Promise<T> {
    return again(() =>
      this.lanes.transaction(this.owner, (runner) => inTransaction.run(true, () => work(runner))),
    );
  }
}

/** Like ConflictRetry, in virtual time: the scheduler already draws when the next attempt comes. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !RETRYABLE.has(sqlStateOf(error) ?? '')) throw error;
    }
  }
}
