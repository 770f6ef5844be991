import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import { aDecodedOrder, anOrder, confirm } from '../../support/builders/an-order.js';
import { aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

const OPERATOR = { actor: 'operator:night-shift', reason: 'ticket 4711' };
const FITS_NOT = 'AMOUNT_CHECK: RATE_DOES_NOT_FIT';

let stores: OpenedStores;
beforeAll(async () => {
  stores = await OpenedStores.open(16);
});
afterEach(() => stores.letClockRun());
afterAll(() => stores.close());

interface KeptAction {
  readonly act: string;
  readonly outcome: string;
  readonly actor: string;
  readonly reason: string;
  readonly before: object;
  readonly after: object | null;
}

const actionsOf = (paymentId: string): Promise<KeptAction[]> =>
  stores.sql<KeptAction>('select * from operator_action where payment_id = $1 order by action_id', [
    paymentId,
  ]);
const close = (order: PaymentOrder) => stores.acts.close(order, OPERATOR);
const release = (order: PaymentOrder, heldReason = FITS_NOT) =>
  stores.acts.release(order.paymentId, heldReason, OPERATOR);

describe('an operator who closes an order', () => {
  it.each(['awaiting', 'held'])('that is %s ends it: frozen result, history and act in one', async (kind) => {
    const order = await (kind === 'held' ? anOrder(stores).held() : anOrder(stores)).decoded();
    expect(await close(order)).toMatchObject({ status: 'CANCELLED', notificationStatus: 'PENDING' });
    const kept = await keptOrder(stores, order.paymentId);
    expect(kept.result).toBe('F ORDER_IS_CLOSED');
    expect(kept.history.at(-1)).toMatchObject({
      event: 'CANCELLED',
      actor: OPERATOR.actor,
      detail: { reason: OPERATOR.reason },
    });
    expect(JSON.parse(String(kept.notifications[0]?.body)).paymentResult).toEqual({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
      resultMessage: 'order has been cancelled',
    });
    expect(await actionsOf(order.paymentId)).toMatchObject([
      {
        ...OPERATOR,
        act: 'close',
        outcome: 'DONE',
        before: { status: order.status },
        after: { status: 'CANCELLED', notification: 'PENDING' },
      },
    ]);
  });

  it('has the same effect as a cancel of Alipay+, whichever of the two comes first', async () => {
    const bodies = await Promise.all(
      [close, (order: PaymentOrder) => stores.orders.cancelUnpaid(order)].map(async (end) => {
        const order = await anOrder(stores).decoded();
        await end(order);
        const { notifications } = await keptOrder(stores, order.paymentId);
        return JSON.parse(String(notifications[0]?.body)).paymentResult;
      }),
    );
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it.each<[string, () => Promise<PaymentOrder | ConfirmedOrder>]>([
    ['being debited', () => anOrder(stores).confirmed()],
    ['paid', () => anOrder(stores).paid()],
    ['declined', () => anOrder(stores).declined()],
  ])('that is %s moves nothing and writes nothing', async (_what, make) => {
    const made = await make();
    const order = 'order' in made ? made.order : made;
    const before = await keptOrder(stores, order.paymentId);
    expect(await close(order)).toBeUndefined();
    expect(await keptOrder(stores, order.paymentId)).toEqual(before);
    expect(await actionsOf(order.paymentId)).toEqual([]);
  });

  it('at the same moment as the payer confirms and Alipay+ cancels leaves one end, and no money that cannot go back', async () => {
    for (let round = 0; round < 25; round += 1) {
      const order = await anOrder(stores).decoded();
      const [closed, confirmed] = await Promise.all([
        close(order),
        confirm(stores, order),
        round % 2 === 0 ? stores.cancels.cancel({ paymentRequestId: order.paymentRequestId }) : undefined,
      ]);
      const kept = await keptOrder(stores, order.paymentId);
      expect([closed, confirmed].filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(kept.status).toBe(confirmed ? 'DEBITING' : 'CANCELLED');
      expect(kept.debits).toHaveLength(confirmed ? 1 : 0);
      expect(kept.notifications).toHaveLength(confirmed ? 0 : 1);
      expect(await actionsOf(order.paymentId)).toHaveLength(closed ? 1 : 0);
    }
  });

  it('twice at once does it once', async () => {
    const order = await anOrder(stores).decoded();
    const ends = await Promise.all([close(order), close(order), close(order)]);
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await actionsOf(order.paymentId)).toHaveLength(1);
  });
});

describe('an operator who releases an order', () => {
  it('lets it be paid, removes the reason and keeps it in the history', async () => {
    const order = await anOrder(stores).held(FITS_NOT).decoded();
    const released = await release(order);
    expect(released).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
    expect(released).not.toHaveProperty('heldReason');
    const kept = await keptOrder(stores, order.paymentId);
    expect(kept.history.at(-1)).toMatchObject({
      event: 'RELEASED',
      detail: { reason: OPERATOR.reason, heldReason: FITS_NOT },
    });
    expect(await confirm(stores, order)).toBeDefined();
    expect(eventsOf(await keptOrder(stores, order.paymentId))).toEqual(['DECODED', 'RELEASED', 'CONFIRMED']);
    expect(await actionsOf(order.paymentId)).toMatchObject([
      {
        act: 'release',
        outcome: 'DONE',
        before: { status: 'HELD' },
        after: { status: 'AWAITING_CONFIRMATION' },
      },
    ]);
  });

  const held = () => anOrder(stores).held(FITS_NOT);
  it.each<[string, () => Promise<PaymentOrder>]>([
    ['held for something else by now', () => anOrder(stores).held().decoded()],
    ['not held', () => anOrder(stores).decoded()],
    [
      'out of time',
      () =>
        held()
          .expiringAt(new Date(Date.now() - 1_000))
          .decoded(),
    ],
    [
      'of a dead quote',
      () =>
        held()
          .quotedUntil(new Date(Date.now() - 1_000))
          .decoded(),
    ],
    [
      'without an amount',
      () =>
        held()
          .with({ heldReason: FITS_NOT, payToAmount: undefined } as never)
          .decoded(),
    ],
    [
      'cancelled by Alipay+ before it was known',
      async () => {
        const { paymentRequestId } = aDecodedOrder();
        await stores.cancels.cancel({ paymentRequestId });
        return held().with({ paymentRequestId, heldReason: FITS_NOT }).decoded();
      },
    ],
    [
      'answered twice, and differently',
      async () => {
        const order = await held().decoded();
        const scan = await aPendingScan(stores, { customerId: order.customerId });
        const other = aDecodedOrder({ paymentRequestId: order.paymentRequestId });
        await stores.decodedOrders.accept(scan.scanId, evidence(), other, 1);
        return order;
      },
    ],
  ])('that is %s moves nothing and writes nothing', async (_what, make) => {
    const order = await make();
    const { status } = await keptOrder(stores, order.paymentId);
    expect(await release(order)).toBeUndefined();
    expect((await keptOrder(stores, order.paymentId)).status).toBe(status);
    expect(await actionsOf(order.paymentId)).toEqual([]);
  });

  it('at the same moment as Alipay+ cancels never leaves an order that can be paid', async () => {
    for (let round = 0; round < 25; round += 1) {
      const order = await held().decoded();
      await Promise.all([
        release(order),
        stores.cancels.cancel({ paymentRequestId: order.paymentRequestId }),
        close(order),
      ]);
      expect(await confirm(stores, order)).toBeUndefined();
      expect((await keptOrder(stores, order.paymentId)).status).toBe('CANCELLED');
    }
  });
});

describe('an operator who has the ledger asked', () => {
  const ask = (paymentId: string) => stores.acts.askNow(paymentId, OPERATOR);
  const dueIn = async (debitId: string): Promise<boolean> => {
    const [row] = await stores.sql<{ due: boolean }>(
      'select next_attempt_at <= db_now() as due from debit where debit_id = $1',
      [debitId],
    );
    return row?.due === true;
  };

  it('makes a debit in doubt due, and the request is recorded before the ledger is called', async () => {
    const { order, debit } = await anOrder(stores).inDoubt(60_000);
    expect(await ask(order.paymentId)).toBe(debit.debitId);
    expect(await dueIn(debit.debitId)).toBe(true);
    expect(await actionsOf(order.paymentId)).toMatchObject([
      { act: 'ask-ledger', outcome: 'ASKED', before: { status: 'DEBITING', debit: 'IN_DOUBT' }, after: null },
    ]);
  });

  it('leaves alone debits that are claimed, and those that the ledger has answered', async () => {
    const { order } = await anOrder(stores).confirmed();
    const paid = await anOrder(stores).paid();
    expect(await ask(order.paymentId)).toBeUndefined();
    expect(await ask(paid.paymentId)).toBeUndefined();
    expect(await ask((await anOrder(stores).decoded()).paymentId)).toBeUndefined();
    expect(await actionsOf(order.paymentId)).toEqual([]);
  });

  it('makes money that has to go back due too', async () => {
    const paid = await anOrder(stores).paid();
    await stores.cancels.cancel({ paymentRequestId: paid.paymentRequestId });
    const [debit] = (await keptOrder(stores, paid.paymentId)).debits;
    await stores.reversals.postpone(debit!.debit_id, 'timeout', 60_000);
    expect(await dueIn(debit!.debit_id)).toBe(false);
    expect(await ask(paid.paymentId)).toBe(debit!.debit_id);
    expect(await dueIn(debit!.debit_id)).toBe(true);
    expect(await actionsOf(paid.paymentId)).toMatchObject([
      { before: { status: 'CANCELLED', debit: 'REVERSING', notification: 'PENDING' } },
    ]);
  });
});
