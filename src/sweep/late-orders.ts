import { Injectable } from '@nestjs/common';
import { SweepStore, type LateCancel, type LateOrder } from '../payment-order/sweep/sweep.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { SweepFigures } from './sweep-figures.js';
import { restMs } from './steps.js';
import type { PaymentId } from '../payment-order/order/ids.js';

const BATCH = 200;
/** Longer than it takes to close a batch. */
const CLOSING_MS = 10_000;
/** How long until an order that cannot be moved is tried again, and until it is reported again. */
const STUCK = { restMs: 60_000, tellAgainMs: 3_600_000 };

/** Overdue orders: this sweeper's share of them, and what becomes of each. */
@Injectable()
export class LateOrders {
  constructor(
    private readonly sweeps: SweepStore,
    private readonly figures: SweepFigures,
    private readonly log: EventLog,
  ) {}

  async expired(): Promise<readonly LateOrder[]> {
    // Only the sweeper closes them, so it needs no grace.
    const late = await this.sweeps.takeExpired({ graceMs: 0, restMs: CLOSING_MS, limit: BATCH });
    this.figures.looked('expiry', late);
    return late;
  }

  async cancelled(graceMs: number): Promise<readonly LateCancel[]> {
    const share = { graceMs, restMs: restMs(graceMs), limit: BATCH };
    const late = await this.sweeps.takeUnfinishedCancels(share);
    this.figures.looked('cancel', late);
    return late;
  }

  /** Whether it was moved. One that cannot be moved is reported and does not block the others. */
  async move(kind: 'expiry' | 'cancel', paymentId: PaymentId, how: () => Promise<boolean>): Promise<boolean> {
    try {
      return await how();
    } catch (error) {
      const alarm = await this.sweeps.putOff(kind, paymentId, STUCK);
      this.log.error('sweep.stuck', { id: paymentId, kind, alarm }, error);
      return false;
    }
  }
}
