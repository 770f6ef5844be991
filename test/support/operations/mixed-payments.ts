import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import { aDecodedOrder, anOrder, type OrderBuilder } from '../builders/an-order.js';
import type { OpenedStores } from '../builders/opened-stores.js';

export const MERCHANTS = [
  { referenceMerchantId: 'M-1', merchantName: 'Blue Coffee' },
  { referenceMerchantId: 'M-2', merchantName: 'blue coffee Ginza' },
  { referenceMerchantId: 'M-3', merchantName: 'Bakery 100%_fresh' },
  { referenceMerchantId: 'Blue', merchantName: 'Noodles' },
  {
    referenceMerchantId: 'M-5',
    merchantName: `=cmd|' /C calc'!A0"; drop table scan; --<script>alert(1)</script>`,
  },
] as const;

const ENDINGS = ['decoded', 'paid', 'declined', 'held', 'confirmed', 'paid'] as const;

/** Payments that differ in everything they can be found by, an hour apart from each other, oldest first. */
export async function mixedPayments(
  stores: OpenedStores,
  count: number,
  first: Date,
): Promise<readonly PaymentOrder[]> {
  const payments: PaymentOrder[] = [];
  for (let at = 0; at < count; at += 1) {
    await stores.freezeClock(new Date(first.getTime() + at * 3_600_000));
    payments.push(await ended(orderOf(stores, at), ENDINGS[at % ENDINGS.length] ?? 'paid'));
  }
  await stores.letClockRun();
  return payments;
}

function orderOf(stores: OpenedStores, at: number): OrderBuilder {
  const currency = ['HKD', 'JPY', 'USD'][at % 3] ?? 'HKD';
  const payAmount = { currency, value: BigInt(100 + ((at * 37) % 50)) };
  const merchant = MERCHANTS[at % MERCHANTS.length] ?? MERCHANTS[0];
  const { content } = aDecodedOrder();
  return anOrder(stores)
    .of(`payer-${at % 4}`)
    .with({
      acquirerId: `acquirer-${at % 2}`,
      payAmount,
      payToAmount: payAmount,
      // The clock is frozen in the past; nothing may expire by it.
      expiresAt: new Date(Date.now() + 86_400_000),
      content: { ...content, referenceOrderId: `order-${at % 7}`, merchant },
    });
}

async function ended(order: OrderBuilder, ending: (typeof ENDINGS)[number]): Promise<PaymentOrder> {
  if (ending === 'decoded') return order.decoded();
  if (ending === 'paid') return order.paid();
  if (ending === 'declined') return order.declined();
  if (ending === 'held') return order.held().decoded();
  return (await order.confirmed()).order;
}
