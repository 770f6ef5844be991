import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import { anOrder } from '../../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const PAID_AT = '2026-03-01T12:00:00+00:00';
const FAILED = { resultStatus: 'F', resultCode: 'USER_STATUS_ABNORMAL', resultMessage: 'blocked' } as const;
const MANY = 24;

/** Debits that end at the same moment share a statement; each still has its own end. */
describe('DebitStore, of many debits at once', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  const confirmedOrders = () => Promise.all(Array.from({ length: MANY }, () => anOrder(stores).confirmed()));
  const kept = ({ order }: ConfirmedOrder) => keptOrder(stores, order.paymentId);

  it('gives each order the end of its own debit, its own message and nothing of its neighbours', async () => {
    const orders = await confirmedOrders();
    const ends: ((order: ConfirmedOrder, at: number) => Promise<PaymentOrder | undefined>)[] = [
      (order, at) => stores.debits.debited(order, `ledger-${at}`, PAID_AT),
      (order) => stores.debits.refused(order, 'CUSTOMER_BLOCKED', FAILED),
      (order) => stores.debits.tooLate(order),
    ];
    const settled = await Promise.all(orders.map((order, at) => ends[at % 3]!(order, at)));
    for (const [at, confirmed] of orders.entries()) {
      const order = await kept(confirmed);
      const { debits, notifications } = order;
      const status = ['PAID', 'FAILED', 'EXPIRED'][at % 3];
      expect(settled[at]).toMatchObject({ paymentId: confirmed.order.paymentId, status });
      expect(order).toMatchObject({ status });
      expect(eventsOf(order).at(-1)).toBe(['DEBITED', 'REFUSED', 'TOO_LATE'][at % 3]);
      expect(debits).toMatchObject([{ ledger_reference: at % 3 === 0 ? `ledger-${at}` : null, tries: 1 }]);
      expect(notifications).toHaveLength(1);
      expect(JSON.parse(String(notifications[0]?.body))).toMatchObject({
        paymentRequestId: confirmed.order.paymentRequestId,
        customerId: confirmed.order.customerId,
        paymentResult: { resultStatus: at % 3 === 0 ? 'S' : 'F' },
      });
    }
  });

  it('ends as cancelled those that were cancelled meanwhile, and only those', async () => {
    const orders = await confirmedOrders();
    for (const { order } of orders.slice(0, 5))
      await stores.cancels.cancel({ paymentRequestId: order.paymentRequestId });
    const settled = await Promise.all(
      orders.map((order, at) => stores.debits.debited(order, `ledger-${at}`, PAID_AT)),
    );
    expect(settled.map((order) => order?.status)).toEqual(
      orders.map((_order, at) => (at < 5 ? 'CANCELLED' : 'PAID')),
    );
  });

  it('leaves out only rows that cannot be written', async () => {
    const orders = await confirmedOrders();
    const references = orders.map((_order, at) => (at === 3 ? 'NUL\u0000' : `ledger-${at}`));
    const ends = await Promise.allSettled(
      orders.map((order, at) => stores.debits.debited(order, references[at]!, PAID_AT)),
    );
    expect(ends.map(({ status }) => status)).toEqual(
      orders.map((_order, at) => (at === 3 ? 'rejected' : 'fulfilled')),
    );
    const all = await Promise.all(orders.map(kept));
    expect(all.map(({ status }) => status)).toEqual(
      orders.map((_order, at) => (at === 3 ? 'DEBITING' : 'PAID')),
    );
    expect(all[3]?.notifications).toHaveLength(0);
  });

  it('counts the first of two ends of one debit, and reports to the second that it moved nothing', async () => {
    const orders = await confirmedOrders();
    const twice = orders.flatMap((order, at) => [
      at % 2 === 0
        ? stores.debits.debited(order, `ledger-${at}`, PAID_AT)
        : stores.debits.refused(order, 'CUSTOMER_BLOCKED', FAILED),
      at % 2 === 0
        ? stores.debits.refused(order, 'CUSTOMER_BLOCKED', FAILED)
        : stores.debits.debited(order, `ledger-${at}`, PAID_AT),
    ]);
    const settled = await Promise.all(twice);
    for (const [at, confirmed] of orders.entries()) {
      const [first, second] = [settled[2 * at], settled[2 * at + 1]];
      expect([first, second].filter((order) => order !== undefined)).toHaveLength(1);
      const { status, debits, history, notifications } = await kept(confirmed);
      expect(status).toBe((first ?? second)?.status);
      expect(debits).toMatchObject([{ status: status === 'PAID' ? 'DEBITED' : 'REFUSED' }]);
      expect(history).toHaveLength(3);
      expect(notifications).toHaveLength(1);
    }
  });
});
