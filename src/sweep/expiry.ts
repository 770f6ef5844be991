import { Injectable } from '@nestjs/common';
import { DebitService } from '../debit/debit.service.js';
import { CancelStore } from '../payment-order/cancel/cancel.store.js';
import { mustAskLedger, type PaymentOrder } from '../payment-order/order/payment-order.js';
import { PaymentOrderStore } from '../payment-order/order/payment-order.store.js';
import { WORK } from '../payment-order/order/work.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { LateOrders } from './late-orders.js';
import type { PaymentId, PaymentRequestId } from '../payment-order/order/ids.js';

/** Ends overdue orders: expired by the database's clock, or cancelled half-way. */
@Injectable()
export class Expiry {
  constructor(
    private readonly late: LateOrders,
    private readonly orders: PaymentOrderStore,
    private readonly cancels: CancelStore,
    private readonly debits: DebitService,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  async closeExpired(): Promise<number> {
    let closed = 0;
    for (const { order } of await this.late.expired()) {
      if (await this.late.move('expiry', order.paymentId, () => this.expire(order))) closed += 1;
    }
    return closed;
  }

  /** Cancels that died half-way, or came before the order they are for. */
  async finishCancels(graceMs: number): Promise<number> {
    let finished = 0;
    for (const { paymentId, paymentRequestId } of await this.late.cancelled(graceMs)) {
      if (await this.late.move('cancel', paymentId, () => this.finish(paymentRequestId))) finished += 1;
    }
    return finished;
  }

  /** Not moved: confirmed, declined or closed between the query and the move. */
  private async expire(order: PaymentOrder): Promise<boolean> {
    if (mustAskLedger(order)) return this.findOut(order.paymentId);
    if (!(await this.orders.expire(order))) return false;
    this.log.event('order.expired', { paymentId: order.paymentId });
    void this.queues.poke(WORK.notify);
    return true;
  }

  private async finish(paymentRequestId: PaymentRequestId): Promise<boolean> {
    const { order, closedNow } = await this.cancels.cancel({ paymentRequestId });
    if (closedNow && order) void this.queues.poke(WORK.notify);
    return order?.askLedger && !closedNow ? this.findOut(order.paymentId) : true;
  }

  /** While debits are paused the order stays as it is: it may have been paid, and only the ledger knows. */
  private async findOut(paymentId: PaymentId): Promise<boolean> {
    if (this.queues.isPaused(WORK.debit)) return false;
    await this.debits.findOut(paymentId);
    return true;
  }
}
