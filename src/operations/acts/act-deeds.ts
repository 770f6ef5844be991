import { Injectable } from '@nestjs/common';
import { DebitWork } from '../../debit/debit.work.js';
import type { OperatorAct, OperatorAction } from '../../payment-order/operator/operator-action.js';
import { OperatorActStore, type Answerable } from '../../payment-order/operator/operator-act.store.js';
import { RedeliveryStore } from '../../payment-order/notification/redelivery.store.js';
import { WORK } from '../../payment-order/order/work.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';

/** An act as it is kept, and the request that asked for it. */
export interface RequestedAct extends OperatorAction {
  readonly requestId: string;
}

/** False when the payment did not stand any more as it was read; then nothing was moved. */
type Deed = (snapshot: PaymentSnapshot, requested: RequestedAct) => Promise<boolean>;

/** Carries out what was judged possible. The statements carry the conditions again: between look and deed all may move. */
@Injectable()
export class ActDeeds {
  private readonly deeds: Readonly<Record<OperatorAct, Deed>> = {
    redeliver: (snapshot, requested) => this.redeliver(snapshot, requested),
    'ask-ledger': (snapshot, requested) => this.askLedger(snapshot, requested),
    close: (snapshot, requested) => this.close(snapshot, requested),
    release: (snapshot, requested) => this.release(snapshot, requested),
  };

  constructor(
    private readonly store: OperatorActStore,
    private readonly redeliveries: RedeliveryStore,
    private readonly debits: DebitWork,
    private readonly queues: WorkQueues,
  ) {}

  carryOut(act: OperatorAct, snapshot: PaymentSnapshot, requested: RequestedAct): Promise<boolean> {
    return this.deeds[act](snapshot, requested);
  }

  /** Sends the same notification again, never a second one. */
  private async redeliver({ order }: PaymentSnapshot, { actor, reason }: Answerable): Promise<boolean> {
    const requested = await this.redeliveries.request({ paymentIds: [order.paymentId], actor, reason });
    if (requested.length === 0) return false;
    // The row is due already; while the queue is away the sweeper finds it.
    await this.queues.poke(WORK.notify);
    return true;
  }

  /** The wish is committed before the ledger is called, and the turn is won as by any worker. */
  private async askLedger({ order }: PaymentSnapshot, requested: RequestedAct): Promise<boolean> {
    const debitId = await this.store.askNow(order.paymentId, requested);
    if (debitId === undefined) return false;
    await this.debits.run(debitId, requested.requestId);
    return true;
  }

  private async close({ order }: PaymentSnapshot, answerable: Answerable): Promise<boolean> {
    const closed = await this.store.close(order, answerable);
    // Not awaited: the notification is committed, and the sweeper finds what the queue loses.
    if (closed) void this.queues.poke(WORK.notify);
    return closed !== undefined;
  }

  private async release({ order }: PaymentSnapshot, answerable: Answerable): Promise<boolean> {
    const { paymentId, heldReason = '' } = order;
    return (await this.store.release(paymentId, heldReason, answerable)) !== undefined;
  }
}
