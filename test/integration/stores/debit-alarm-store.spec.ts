import { anOrder } from '../../support/builders/an-order.js';
import { keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';
import { claimedNotification } from '../../support/builders/claim-notifications.js';
import { evidence } from '../../support/builders/a-scan.js';
import type { DebitAlarm } from '../../../src/payment-order/debit/debit.js';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';

jest.setTimeout(60_000);

/** Noon at UTC+8. */
const DEBITED_AT = new Date('2026-03-01T12:00:00+08:00');
const LAST_MOMENT = new Date('2026-03-02T00:29:59.999+08:00');
const DAY_END = new Date('2026-03-02T00:30:00+08:00');

describe('reversal_end', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open();
  });
  afterAll(() => stores.close());

  it.each([
    ['2026-03-01T12:00:00+08:00', '2026-03-02T00:30:00+08:00'],
    ['2026-03-01T00:00:00+08:00', '2026-03-02T00:30:00+08:00'],
    ['2026-03-01T00:29:59+08:00', '2026-03-02T00:30:00+08:00'],
    ['2026-03-01T23:59:59.999+08:00', '2026-03-02T00:30:00+08:00'],
    ['2026-03-01T16:00:00Z', '2026-03-03T00:30:00+08:00'],
    ['2028-02-28T23:00:00-05:00', '2028-03-01T00:30:00+08:00'],
    ['2026-12-31T12:00:00Z', '2027-01-01T00:30:00+08:00'],
  ])('of a debit at %s is %s, whatever the zone of the session', async (debited, end) => {
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/New_York']) {
      const [row] = await stores.database.transaction(async (transaction) => {
        await transaction.run({ name: '', text: `select set_config('TimeZone', $1, true)` }, [zone]);
        return transaction.run<{ at: Date }>(
          { name: '', text: 'select reversal_end($1::timestamptz) as at' },
          [debited],
        );
      });
      expect(row?.at).toEqual(new Date(end));
    }
  });
});

describe('money still owed at the end of the day (failures 16)', () => {
  let stores: OpenedStores;
  beforeEach(async () => {
    stores = await OpenedStores.open();
    await stores.freezeClock(DEBITED_AT);
  });
  afterEach(() => stores.close());

  const raised = async (alarm: DebitAlarm): Promise<string[]> =>
    (await stores.debitAlarms.raise(alarm, 100)).map(({ paymentId }) => paymentId);
  const anOrderOfToday = () => anOrder(stores).expiringAt(new Date(DEBITED_AT.getTime() + 600_000));

  async function undone(): Promise<PaymentOrder> {
    const order = await anOrderOfToday().paid();
    await stores.cancels.cancel(order);
    return order;
  }

  async function refused(): Promise<PaymentOrder> {
    const order = await anOrderOfToday().paid();
    await claimedNotification(stores, order.paymentId);
    const end = { status: 'REJECTED', requestedBy: 'schedule' } as const;
    await stores.notifications.record(order.paymentId, evidence({ resultCode: 'ORDER_IS_CLOSED' }), end);
    return order;
  }

  it('alarms when a reversal is not done by 00:30 at UTC+8, and not a moment earlier', async () => {
    const { paymentId } = await undone();
    await stores.freezeClock(LAST_MOMENT);
    expect(await raised('REVERSAL_OVERDUE')).toEqual([]);
    await stores.freezeClock(DAY_END);
    expect(await stores.debitAlarms.raise('REVERSAL_OVERDUE', 100)).toMatchObject([
      { paymentId, dueAt: DAY_END },
    ]);
    expect(await raised('CANCEL_MISSING')).toEqual([]);
  });

  it('alarms once, however many look at the same moment', async () => {
    const orders = [await undone(), await undone(), await undone()];
    await stores.freezeClock(DAY_END);
    const looks = await Promise.all(Array.from({ length: 10 }, () => raised('REVERSAL_OVERDUE')));
    expect(looks.flat().sort()).toEqual(orders.map(({ paymentId }) => paymentId).sort());
    expect(await raised('REVERSAL_OVERDUE')).toEqual([]);
  });

  it('leaves alone reversed debits and paid orders', async () => {
    const { paymentId } = await undone();
    await anOrderOfToday().paid();
    const [debit] = (await keptOrder(stores, paymentId)).debits;
    await stores.reversals.reversed(debit?.debit_id ?? '', 'ledger-2');
    await stores.freezeClock(DAY_END);
    expect(await raised('REVERSAL_OVERDUE')).toEqual([]);
    expect(await raised('CANCEL_MISSING')).toEqual([]);
  });

  it('alarms when Alipay+ refused the result that an order is paid, and has not cancelled by then', async () => {
    const { paymentId } = await refused();
    await stores.freezeClock(LAST_MOMENT);
    expect(await raised('CANCEL_MISSING')).toEqual([]);
    await stores.freezeClock(DAY_END);
    expect(await raised('CANCEL_MISSING')).toEqual([paymentId]);
    expect(await raised('CANCEL_MISSING')).toEqual([]);
  });

  it('expects no cancel once it has come', async () => {
    await stores.cancels.cancel(await refused());
    await stores.freezeClock(DAY_END);
    expect(await raised('CANCEL_MISSING')).toEqual([]);
    expect(await raised('REVERSAL_OVERDUE')).toHaveLength(1);
  });
});
