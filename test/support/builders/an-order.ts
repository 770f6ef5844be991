import { randomUUID } from 'node:crypto';
import type { DecodedOrder, PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import { aPendingScan, evidence } from './a-scan.js';
import type { OpenedStores } from './opened-stores.js';

/** How long the builder's orders live. */
const LIFE_MS = 600_000;
const LEASE_MS = 15_000;

/** Makes rows of a payment order the only way they are ever made: through the stores, from scan to result. */
export function anOrder(stores: OpenedStores): OrderBuilder {
  return new OrderBuilder(stores, `payer-${randomUUID().slice(0, 8)}`, aDecodedOrder());
}

/** The content of an accepted answer: 1000 JPY at a merchant, 8561 HKD for the payer. */
export function aDecodedOrder(change: Partial<DecodedOrder> = {}): DecodedOrder {
  return {
    paymentRequestId: `request-${randomUUID()}`,
    scenario: 'MERCHANT_PRESENTED',
    acquirerId: '1022188000000000001',
    pspId: '1022172000000000001',
    paymentAmount: { currency: 'JPY', value: 1_000n },
    payToAmount: { currency: 'HKD', value: 8_561n },
    payAmount: { currency: 'HKD', value: 8_561n },
    expiresAt: new Date(Date.now() + LIFE_MS),
    notifyUrl: 'https://localhost/aps/api/v1/payments/notifyPayment',
    content: { referenceOrderId: 'order-1', promotions: [], surcharged: false },
    ...change,
  };
}

export class OrderBuilder {
  constructor(
    private readonly stores: OpenedStores,
    private readonly customerId: string,
    private readonly decodedOrder: DecodedOrder,
  ) {}

  of(customerId: string): OrderBuilder {
    return new OrderBuilder(this.stores, customerId, this.decodedOrder);
  }

  /** With other content in the answer of Alipay+. */
  with(change: Partial<DecodedOrder>): OrderBuilder {
    return new OrderBuilder(this.stores, this.customerId, { ...this.decodedOrder, ...change });
  }

  held(heldReason = 'HANDLE_BY_SDK'): OrderBuilder {
    return this.with({ heldReason });
  }

  expiringAt(expiresAt: Date): OrderBuilder {
    return this.with({ expiresAt });
  }

  quotedUntil(quoteExpiresAt: Date, quoteId = 'quote-1'): OrderBuilder {
    return this.with({ quoteExpiresAt, quoteId });
  }

  /** Waits for its payer, or is held. */
  async decoded(): Promise<PaymentOrder> {
    const scan = await aPendingScan(this.stores, { customerId: this.customerId });
    const { decodedOrders } = this.stores;
    const accepted = await decodedOrders.accept(scan.scanId, evidence(), this.decodedOrder, LIFE_MS);
    if (accepted.outcome !== 'created') throw new Error(`the order was not created: ${accepted.outcome}`);
    return accepted.order;
  }

  /** Confirmed; the ledger has not been called. */
  async confirmed(leaseMs = LEASE_MS): Promise<ConfirmedOrder> {
    const confirmed = await confirm(this.stores, await this.decoded(), leaseMs);
    if (!confirmed) throw new Error('the order could not be confirmed');
    return confirmed;
  }

  /** Confirmed, and the ledger has given no definite answer; it is asked again after `askAgainMs`. */
  async inDoubt(askAgainMs = 0): Promise<ConfirmedOrder> {
    const confirmed = await this.confirmed();
    await this.stores.debits.inDoubt(confirmed.debit.debitId, 'timeout', askAgainMs);
    return confirmed;
  }

  async paid(): Promise<PaymentOrder> {
    const confirmed = await this.confirmed();
    return must(await this.stores.debits.debited(confirmed, 'ledger-1', '2026-03-01T12:00:00+00:00'));
  }

  async declined(): Promise<PaymentOrder> {
    return must(await this.stores.orders.decline(await this.decoded(), 'wallet-app'));
  }
}

/** The payer's confirm of exactly the order's content. */
export function confirm(
  stores: OpenedStores,
  order: PaymentOrder,
  leaseMs = LEASE_MS,
): Promise<ConfirmedOrder | undefined> {
  const { paymentId, payAmount = { currency: 'XXX', value: 0n } } = order;
  return stores.debits.confirm({ paymentId, payAmount, actor: 'wallet-app', leaseMs });
}

function must(order: PaymentOrder | undefined): PaymentOrder {
  if (!order) throw new Error('the order was moved by somebody else');
  return order;
}
