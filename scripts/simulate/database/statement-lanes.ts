import type { Runner, Statement } from '../../../src/platform/database/database.js';
import type { Scheduler } from '../engine/scheduler.js';
import type { SimProcess } from '../engine/sim-process.js';
import type { Faults } from '../world/faults.js';
import { runOn, type Connection, type Connections } from './connections.js';
import { DatabaseFault, describeRows, describeStatement } from './statement-text.js';

type Rows = unknown[];
type Outcome = { readonly rows: Rows } | { readonly error: unknown };

interface Waiting {
  readonly query: Promise<Outcome>;
  readonly connection: Connection;
  readonly resume: (outcome: Outcome) => void;
}

/** A transaction that one process opened by itself, with several statements. */
interface OwnTransaction {
  readonly owner: SimProcess;
  readonly connection: Connection;
}

/** Changes the text of a statement by name, to simulate a mistake in SQL. */
export type Rewrites = Readonly<Record<string, (text: string) => string>>;

/**
 * Runs the statements of all simulated processes on the real database, one at a time. A statement may stay uncommitted
 * while others run beside it, so that locks, waits and snapshots are real; at most one statement waits for a lock, and
 * meanwhile no new one begins.
 */
export class StatementLanes {
  /** Whether something was committed since the last call of the check. */
  private changed = false;
  private uncommitted = 0;
  private waiting: Waiting | undefined;
  private readonly transactions = new Set<OwnTransaction>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly connections: Connections,
    private readonly faults: Faults,
    private readonly rewrites: Rewrites,
  ) {}

  takeChanged(): boolean {
    const { changed } = this;
    this.changed = false;
    return changed;
  }

  /** Nothing is open or running on the database. */
  get isQuiet(): boolean {
    return this.uncommitted === 0 && this.transactions.size === 0 && this.waiting === undefined;
  }

  /** Rows were changed without the lanes. */
  noteChanged(): void {
    this.changed = true;
  }

  /** Runs one statement by itself; rejects like the real driver. */
  run(owner: SimProcess, statement: Statement, values: readonly unknown[]): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const answer = (outcome: Outcome): void => this.answer(owner, statement, outcome, resolve, reject);
      this.scheduler.add({
        owner,
        label: describeStatement(statement, values),
        mayRun: () => this.waiting === undefined,
        run: () => this.begin(owner, statement, values, answer),
      });
    });
  }

  /** Runs a transaction of several statements; when its process dies inside, the server rolls it back. */
  async transaction<T>(owner: SimProcess, work: (runner: Runner) => Promise<T>): Promise<T> {
    const transaction = await this.open(owner);
    const run = <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> =>
      this.runInside(transaction, statement, values) as Promise<Row[]>; // the caller states the row shape
    try {
      const result = await work({ run });
      await this.close(transaction, 'commit');
      return result;
    } catch (error) {
      await this.close(transaction, 'rollback');
      throw error;
    }
  }

  /** The connections of a dead process: the server notices sooner or later. */
  abandon(owner: SimProcess): void {
    for (const transaction of this.transactions) {
      if (transaction.owner !== owner) continue;
      this.scheduler.add({
        who: 'database',
        label: 'rolls back the dead',
        run: () => this.rollBack(transaction),
      });
    }
  }

  private async begin(
    owner: SimProcess,
    statement: Statement,
    values: readonly unknown[],
    answer: (outcome: Outcome) => void,
  ): Promise<void> {
    const { random } = this.scheduler;
    if (random.chance(this.faults.databaseConflict)) return answer({ error: new DatabaseFault('40001') });
    if (random.chance(this.faults.databaseLostBefore))
      return answer({ error: new DatabaseFault('ECONNRESET') });
    const isOverlapping = random.chance(this.faults.overlap);
    const connection = await this.connections.take();
    // Sent together with the statement, so it cannot fail.
    if (isOverlapping) void connection.client.query('begin');
    const done = (outcome: Outcome): void => {
      if (isOverlapping) this.commitLater(owner, connection, outcome, answer);
      else {
        this.giveBack(connection);
        answer(outcome);
      }
    };
    await this.send(connection, statement, values, done);
  }

  private async send(
    connection: Connection,
    statement: Statement,
    values: readonly unknown[],
    resume: (outcome: Outcome) => void,
  ): Promise<void> {
    this.connections.setClock(connection, this.scheduler.nowMs);
    const rewrite = this.rewrites[statement.name];
    const text = rewrite ? rewrite(statement.text) : statement.text;
    const query = runOn(connection, { name: statement.name, text }, values).then(
      (rows): Outcome => ({ rows }),
      (error: unknown): Outcome => ({ error }),
    );
    const isAlone = this.uncommitted === 0 && this.transactions.size === 0;
    if (isAlone || (await this.connections.endsOrWaits(connection, query))) return resume(await query);
    if (this.waiting) {
      // It may be in a deadlock: this one is the victim, as the database would choose one.
      await this.connections.cancelQuery(connection);
      await query;
      return resume({ error: new DatabaseFault('40P01') });
    }
    this.scheduler.tell('database', `${statement.name} waits for a lock`);
    this.waiting = { query, connection, resume };
  }

  /** A sent but uncommitted statement may outlive its process or not, by chance. */
  private commitLater(
    owner: SimProcess,
    connection: Connection,
    outcome: Outcome,
    answer: (outcome: Outcome) => void,
  ): void {
    this.uncommitted += 1;
    const run = async (): Promise<void> => {
      const isLost = !owner.alive && this.scheduler.random.chance(0.5);
      const end = await this.finish(connection, 'error' in outcome || isLost ? 'rollback' : 'commit');
      this.uncommitted -= 1;
      answer(end === undefined ? outcome : { error: end });
      await this.wakeWaiting();
    };
    const { random, nowMs } = this.scheduler;
    this.scheduler.add({ atMs: nowMs + (random.chance(0.4) ? random.between(1, 300) : 0), run });
  }

  /** @returns the error of a failed commit, as when a deferred rule is broken */
  private async finish(connection: Connection, how: 'commit' | 'rollback'): Promise<unknown> {
    const failed = await connection.client.query(how).then(
      () => undefined,
      (error: unknown) => error,
    );
    this.giveBack(connection);
    return failed;
  }

  private giveBack(connection: Connection): void {
    this.changed ||= connection.hasChanged;
    this.connections.giveBack(connection);
  }

  private async wakeWaiting(): Promise<void> {
    const { waiting } = this;
    if (!waiting || !(await this.connections.endsOrWaits(waiting.connection, waiting.query))) return;
    this.waiting = undefined;
    waiting.resume(await waiting.query);
  }

  private answer(
    owner: SimProcess,
    statement: Statement,
    outcome: Outcome,
    resolve: (rows: Rows) => void,
    reject: (error: unknown) => void,
  ): void {
    const { random } = this.scheduler;
    const isLost = !('error' in outcome) && random.chance(this.faults.databaseLostAfter);
    const told: Outcome = isLost ? { error: new DatabaseFault('ECONNRESET') } : outcome;
    // The answer to a dead process is dropped.
    if (!owner.alive) return;
    this.scheduler.add({
      owner,
      label: `  ${statement.name} ${'error' in told ? `fails: ${String(told.error)}` : describeRows(told.rows)}`,
      run: () => ('error' in told ? reject(told.error) : resolve(told.rows)),
    });
  }

  private open(owner: SimProcess): Promise<OwnTransaction> {
    return new Promise((resolve) => {
      this.scheduler.add({
        owner,
        label: 'begin',
        mayRun: () => this.waiting === undefined,
        run: async () => {
          const transaction = { owner, connection: await this.connections.take() };
          await transaction.connection.client.query('begin');
          this.transactions.add(transaction);
          resolve(transaction);
        },
      });
    });
  }

  private runInside(
    transaction: OwnTransaction,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Rows> {
    const { owner, connection } = transaction;
    return new Promise((resolve, reject) => {
      const answer = (outcome: Outcome): void => this.answer(owner, statement, outcome, resolve, reject);
      const run = (): Promise<void> => this.send(connection, statement, values, answer);
      this.scheduler.add({ owner, label: `in transaction ${describeStatement(statement, values)}`, run });
    });
  }

  private close(transaction: OwnTransaction, how: 'commit' | 'rollback'): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        const failed = await this.end(transaction, how);
        if (failed instanceof Error) reject(failed);
        else resolve();
      };
      this.scheduler.add({ owner: transaction.owner, label: how, run });
    });
  }

  private async rollBack(transaction: OwnTransaction): Promise<void> {
    await this.end(transaction, 'rollback');
  }

  private async end(transaction: OwnTransaction, how: 'commit' | 'rollback'): Promise<unknown> {
    if (!this.transactions.delete(transaction)) return undefined;
    if (this.waiting?.connection === transaction.connection) {
      // Its process died while it waited: the server ends the statement before it rolls back.
      const { query } = this.waiting;
      await this.connections.cancelQuery(transaction.connection);
      await query;
      this.waiting = undefined;
    }
    const failed = await this.finish(transaction.connection, how);
    await this.wakeWaiting();
    return failed;
  }
}
