import { Injectable } from '@nestjs/common';
import { DebitStore } from '../payment-order/debit.store.js';
import { NotificationStore } from '../payment-order/notification.store.js';
import { ScanStore, type DueRow } from '../payment-order/scan.store.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import type { Work } from '../platform/queues/work.js';
import { Steps } from './steps.js';

/** The most rows of one kind that one look takes; the next look takes the rest. */
const BATCH = 500;
/** A wake that came to nothing may be repeated under a new job id after this long. */
const REPEAT_MS = 5_000;
/** How many rows are worked on here at a time while the queue cannot be reached. */
const WITHOUT_QUEUE = 8;

/** Wakes every due row whose job is missing: through the queue, or by its own hands while the queue is away. */
@Injectable()
export class Wakers {
  constructor(
    private readonly scans: ScanStore,
    private readonly debits: DebitStore,
    private readonly notifications: NotificationStore,
    private readonly queues: WorkQueues,
    private readonly steps: Steps,
  ) {}

  async wakeDue(graceMs: number): Promise<number> {
    const [scans, debits, notifications] = await Promise.all([
      this.scans.due(graceMs, BATCH),
      this.debits.due(graceMs, BATCH),
      this.notifications.due(graceMs, BATCH),
    ]);
    await this.wake(this.steps.debit, debits);
    await this.wake(this.steps.decode, scans);
    await this.wake(this.steps.notify, notifications);
    return scans.length + debits.length + notifications.length;
  }

  private async wake(work: Work, rows: readonly DueRow[]): Promise<void> {
    const round = Math.floor(Date.now() / REPEAT_MS);
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
