import { Injectable } from '@nestjs/common';
import { CancelStore } from '../payment-order/cancel.store.js';
import { PaymentOrderStore } from '../payment-order/payment-order.store.js';
import { WORK } from '../payment-order/work-names.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';

const BATCH = 200;

/** Ends orders that stand as if nothing had happened: out of time by the database's clock, or cancelled half-way. */
@Injectable()
export class Expiry {
  constructor(
    private readonly orders: PaymentOrderStore,
    private readonly cancels: CancelStore,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  async closeExpired(): Promise<number> {
    return this.each(await this.orders.expired(BATCH), async (paymentId) => {
      const order = await this.orders.find(paymentId);
      const expired = order && (await this.orders.expire(order));
      // Not moved: confirmed, declined or closed by somebody else between the look and the move.
      if (!expired) return false;
      this.log.event('order.expired', { paymentId });
      await this.queues.wake(WORK.notify, { id: paymentId, turn: '0', delayMs: 0 });
      return true;
    });
  }

  /** Cancels that died half-way, or came before the order they are for. */
  async finishCancels(): Promise<number> {
    return this.each(await this.cancels.unfinished(BATCH), async (paymentRequestId) => {
      const { order, closedNow } = await this.cancels.cancel({ paymentRequestId });
      if (closedNow && order)
        await this.queues.wake(WORK.notify, { id: order.paymentId, turn: '0', delayMs: 0 });
      return true;
    });
  }

  /** Counts those that were moved. One that cannot be moved is told and does not stand in the way of the others. */
  private async each(ids: readonly string[], move: (id: string) => Promise<boolean>): Promise<number> {
    let moved = 0;
    for (const id of ids) {
      try {
        if (await move(id)) moved += 1;
      } catch (error) {
        this.log.error('sweep.stuck', { id, alarm: true }, error);
      }
    }
    return moved;
  }
}
