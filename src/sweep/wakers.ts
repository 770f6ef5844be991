import { Injectable } from '@nestjs/common';
import { SweepStore } from '../payment-order/sweep/sweep.store.js';
import type { DueRow } from '../payment-order/order/work.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import type { Work } from '../platform/queues/work.js';
import { Steps } from './steps.js';
import { SweepFigures } from './sweep-figures.js';
import { restMs } from './steps.js';
import { SweepSettings } from './sweep.settings.js';

/** The most rows of one kind that one query takes; another sweeper, or the next query, takes the rest. */
const BATCH = 500;
/** How many rows are worked on here at a time while the queue cannot be reached. */
const WITHOUT_QUEUE = 8;

/** Wakes every due row whose job is missing: through the queue, or by its own hands while the queue is away. */
@Injectable()
export class Wakers {
  constructor(
    private readonly sweeps: SweepStore,
    private readonly queues: WorkQueues,
    private readonly steps: Steps,
    private readonly figures: SweepFigures,
    private readonly settings: SweepSettings,
  ) {}

  /** Debits with their reversals, or refunds: one step asks the ledger about either. */
  async wakeMoney(kind: 'debit' | 'refund'): Promise<number> {
    if (this.queues.isPaused(this.steps.debit.name)) return 0;
    const { graceMs } = this.settings;
    const rows = await this.sweeps.take(kind, { graceMs, restMs: restMs(graceMs), limit: BATCH });
    this.figures.looked(kind, rows);
    await this.wake(this.steps.debit, rows);
    return rows.length;
  }

  /** The notifier finds what is due by itself; only results that were overdue count as found. */
  async notifyDue(): Promise<number> {
    const usualMs = restMs(this.settings.graceMs);
    const late = (await this.steps.notify.sweep()).filter(({ lateMs }) => lateMs > usualMs);
    this.figures.looked(
      'notify',
      late.toSorted((one, other) => other.lateMs - one.lateMs),
    );
    return late.length;
  }

  /** Changes that the wallet's back end has to be sent. */
  eventsDue(): Promise<number> {
    return this.steps.events.sweep();
  }

  private async wake(work: Work, rows: readonly DueRow[]): Promise<void> {
    // Part of the job's id: a wake that came to nothing may be repeated, and was not for a while.
    const round = Date.now();
    for (let at = 0; at < rows.length; at += WITHOUT_QUEUE) {
      const slice = rows.slice(at, at + WITHOUT_QUEUE);
      await Promise.all(slice.map((row) => this.wakeOne(work, row, round)));
    }
  }

  private async wakeOne(work: Work, row: DueRow, round: number): Promise<void> {
    const turn = `${row.turn}-swept-${round}`;
    const queued = await this.queues.wake(work.name, { id: row.id, turn, delayMs: 0 });
    if (!queued) await this.queues.runHere(work, row.id);
  }
}
