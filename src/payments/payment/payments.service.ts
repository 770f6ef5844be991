import { Injectable } from '@nestjs/common';
import { DEBIT_LEASE_MS, DebitService } from '../../debit/debit.service.js';
import { Arrivals } from '../../payment-order/scan/arrivals.js';
import { readMoney } from '../../payment-order/order/money.js';
import { mustAskLedger, type PaymentOrder } from '../../payment-order/order/payment-order.js';
import { PaymentOrderStore } from '../../payment-order/order/payment-order.store.js';
import { WORK } from '../../payment-order/order/work.js';
import type { Caller } from '../../platform/auth/caller.js';
import { present } from '../../platform/present.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import { maySee } from '../caller.js';
import { obstacleToConfirm, type Shown } from './confirm-rules.js';
import type { ConfirmPaymentDto } from './confirm-payment.dto.js';
import { badRequest, refuse, refuseFailed } from '../payments.problems.js';
import { refuseAsItStands } from './refuse-as-it-stands.js';
import type { PageOfPayments, PaymentsOfCustomer } from '../../payment-order/order/payments-of-customer.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** How long a repeated confirm waits for the one that is under way. */
const SETTLE_WAIT_MS = 5_000;
/** How often a confirm is tried again after another move came first and left the order open. */
const CONFIRM_TRIES = 3;

/** The payer's side of a payment order: read it, say yes, say no. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly orders: PaymentOrderStore,
    private readonly debits: DebitService,
    private readonly arrivals: Arrivals,
    private readonly queues: WorkQueues,
  ) {}

  async find(caller: Caller, paymentId: PaymentId): Promise<PaymentOrder> {
    const order = await this.orders.find(paymentId);
    if (!order || !maySee(caller, order.customerId)) throw refuse('NOT_FOUND');
    if (order.status !== 'DEBITING') return order;
    await this.debits.settleSoon(paymentId, caller.origin);
    return (await this.orders.find(paymentId)) ?? order;
  }

  list(asked: PaymentsOfCustomer): Promise<PageOfPayments> {
    return this.orders.ofCustomer(asked);
  }

  /** @param waitMs how long to wait for a debit that is under way */
  async findSettled(caller: Caller, paymentId: PaymentId, waitMs: number): Promise<PaymentOrder> {
    const order = await this.find(caller, paymentId);
    if (order.status !== 'DEBITING' || waitMs === 0) return order;
    await this.arrivals.wait('payment', paymentId, waitMs);
    return (await this.orders.find(paymentId)) ?? order;
  }

  /** The payment after the debit, PAID or still DEBITING; everything else is a problem. Repeating it changes nothing. */
  async confirm(caller: Caller, paymentId: PaymentId, dto: ConfirmPaymentDto): Promise<PaymentOrder> {
    const payAmount = readMoney(dto.payAmount);
    if (!payAmount)
      throw badRequest([{ field: 'payAmount.currency', rule: 'must be a currency of ISO 4217' }]);
    const shown = present<Shown>({ payAmount, quoteId: dto.quoteId, proofs: dto.proofs });
    for (let attempt = 1; ; attempt += 1) {
      const confirmed = await this.debit(caller, paymentId, shown);
      if (confirmed) return confirmed;
      // The statement moves the order only when all holds, so it is read only when something does not.
      const order = await this.find(caller, paymentId);
      const obstacle = obstacleToConfirm(order, shown);
      if (obstacle) throw refuseAsItStands(obstacle, order);
      if (order.status !== 'AWAITING_CONFIRMATION' || attempt === CONFIRM_TRIES) return this.repeated(order);
    }
  }

  async decline(caller: Caller, paymentId: PaymentId): Promise<PaymentOrder> {
    const order = await this.findSure(caller, paymentId);
    const declined = await this.orders.decline(order, caller.name);
    if (declined) {
      void this.queues.poke(WORK.notify);
      return declined;
    }
    const now = await this.find(caller, paymentId);
    if (now.status === 'DECLINED') return now;
    throw refuseAsItStands(closedCode(now), now);
  }

  /** After the ledger was asked whether the payer has paid already, where our records may have lost it. */
  private async findSure(caller: Caller, paymentId: PaymentId): Promise<PaymentOrder> {
    const order = await this.find(caller, paymentId);
    if (!mustAskLedger(order)) return order;
    await this.debits.findOut(paymentId, caller.origin);
    return this.find(caller, paymentId);
  }

  /** Undefined when the order cannot be confirmed as it stands, or is not the caller's to confirm. */
  private async debit(caller: Caller, paymentId: PaymentId, shown: Shown): Promise<PaymentOrder | undefined> {
    const confirmed = await this.debits.confirm({
      paymentId,
      payAmount: shown.payAmount,
      actor: caller.name,
      leaseMs: DEBIT_LEASE_MS,
      ...(shown.quoteId === undefined ? {} : { quoteId: shown.quoteId }),
      ...(shown.proofs === undefined ? {} : { proofs: shown.proofs }),
      ...(caller.subject === undefined ? {} : { customerId: caller.subject }),
    });
    if (!confirmed) return undefined;
    caller.origin.linkTo(confirmed.traceparent);
    caller.origin.note({ 'mpp.payment_id': paymentId });
    const end = await this.debits.take(confirmed, caller.origin);
    if (end.outcome === 'reopened')
      throw refuse(end.refusalCode === 'PROOF_REJECTED' ? 'PROOF_REJECTED' : 'INSUFFICIENT_BALANCE');
    return end.outcome === 'settled' ? this.final(end.order) : this.repeated(confirmed.order);
  }

  /** The same answer as the confirm that came first; waits a moment while that one is under way. */
  private async repeated(order: PaymentOrder): Promise<PaymentOrder> {
    if (order.status !== 'DEBITING') return this.final(order);
    await this.arrivals.wait('payment', order.paymentId, SETTLE_WAIT_MS);
    return this.final((await this.orders.find(order.paymentId)) ?? order);
  }

  private final(order: PaymentOrder): PaymentOrder {
    if (order.status === 'PAID' || order.status === 'DEBITING') return order;
    if (order.status === 'FAILED' && order.result) {
      throw refuseFailed(order.result.resultCode, order.paymentId);
    }
    if (order.status === 'AWAITING_CONFIRMATION') throw refuse('INSUFFICIENT_BALANCE');
    throw refuseAsItStands(closedCode(order), order);
  }
}

function closedCode({ status }: PaymentOrder): 'ORDER_EXPIRED' | 'ORDER_IS_CLOSED' {
  return status === 'EXPIRED' ? 'ORDER_EXPIRED' : 'ORDER_IS_CLOSED';
}
