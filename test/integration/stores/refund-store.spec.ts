import { randomUUID } from 'node:crypto';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { RefundRequest } from '../../../src/payment-order/refund/refund.js';
import { anOrder } from '../../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const PROCESS_FAIL = { resultCode: 'PROCESS_FAIL', resultMessage: 'no' };

describe('the store of refunds', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(24);
  });
  afterAll(() => stores.close());

  function aRefund(
    order: PaymentOrder,
    jpy: bigint,
    hkd: bigint,
    refundRequestId = randomUUID(),
  ): RefundRequest {
    const { paymentRequestId, paymentId } = order;
    const refundAmount = { currency: 'JPY', value: jpy };
    const refundFromAmount = { currency: 'HKD', value: hkd };
    return {
      refundRequestId,
      paymentRequestId,
      paymentId,
      refundAmount,
      refundFromAmount,
      content: `${jpy} ${hkd}`,
    };
  }

  const requested = async (request: RefundRequest) => {
    const intent = await stores.refunds.request(request);
    if (!('refund' in intent)) throw new Error(intent.outcome);
    return intent.refund;
  };

  const given = async ({ paymentId }: PaymentOrder) =>
    (await stores.refunds.ofPayment(paymentId)).reduce(
      (sum, { status, backAmount }) => (status === 'REFUSED' ? sum : sum + (backAmount?.value ?? 0n)),
      0n,
    );

  it('stores a decision with its history, and settles it once', async () => {
    const order = await anOrder(stores).paid();
    const refund = await requested(aRefund(order, 30n, 257n));
    expect(refund).toMatchObject({ status: 'REQUESTED', backAmount: { currency: 'HKD', value: 257n } });
    const claimed = await stores.refunds.claim(refund.refundId, 15_000, 0);
    expect(claimed).toMatchObject({ refundId: refund.refundId, paymentId: order.paymentId });
    expect(await stores.refunds.claim(refund.refundId, 15_000, 0)).toBeUndefined();
    await stores.refunds.inDoubt(refund.refundId, 'timeout', 0);
    await stores.refunds.inDoubt(refund.refundId, 'timeout', 0);
    expect(await stores.due('refund')).toContain(refund.refundId);
    const done = await stores.refunds.refunded(refund.refundId, 'ledger-2', '2026-03-02T12:00:00+00:00');
    expect(done).toMatchObject({ status: 'REFUNDED', refundTime: '2026-03-02T12:00:00+00:00' });
    expect(await stores.refunds.refused(refund.refundId, 'REFUSED', PROCESS_FAIL)).toBeUndefined();
    expect(await stores.due('refund')).not.toContain(refund.refundId);
    const kept = await keptOrder(stores, order.paymentId);
    expect(kept.status).toBe('PAID');
    expect(eventsOf(kept).slice(-3)).toEqual(['REFUND_REQUESTED', 'REFUND_IN_DOUBT', 'REFUNDED']);
    expect(kept.history.at(-1)?.detail).toMatchObject({
      value: '257',
      currency: 'HKD',
      ledgerReference: 'ledger-2',
    });
  });

  it('answers a known id with what it stored, also when it was refused or its order is unknown', async () => {
    const order = await anOrder(stores).declined();
    const request = aRefund(order, 30n, 257n);
    expect(await requested(request)).toMatchObject({
      status: 'REFUSED',
      refusal: { resultCode: 'ORDER_STATUS_INVALID' },
    });
    const nobodys = { ...request, paymentRequestId: 'nobody', refundRequestId: randomUUID() };
    const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => requested(nobodys)));
    expect(first).toMatchObject({ status: 'REFUSED', refusal: { resultCode: 'ORDER_NOT_EXIST' } });
    for (const other of others) expect(other.refundId).toBe(first?.refundId);
    const key = async (...ids: string[]) =>
      (await stores.sql<{ k: string }>('select refund_key($1, $2) as k', ids))[0]?.k;
    expect(await key('nobody', nobodys.refundRequestId)).toBe(first?.refundId);
    expect(await key('a b', 'c')).not.toBe(await key('a', 'b c'));
    expect(await stores.refunds.request(request)).toMatchObject({
      outcome: 'known',
      refund: { status: 'REFUSED' },
    });
  });

  it('gives back a payment of more than a year ago, and remembers its old refunds', async () => {
    const order = await anOrder(stores).paid();
    const first = aRefund(order, 30n, 257n);
    const { refundId } = await requested(first);
    await stores.freezeClock(new Date(Date.now() + 500 * 86_400_000));
    try {
      expect(await stores.refunds.request(first)).toMatchObject({ outcome: 'known', refund: { refundId } });
      expect(await requested(aRefund(order, 970n, 8_304n))).toMatchObject({ status: 'REQUESTED' });
      expect(await requested(aRefund(order, 1n, 9n))).toMatchObject({ status: 'REFUSED' });
    } finally {
      await stores.letClockRun();
    }
  });

  it('gives back no more than was paid when twenty requests for a tenth each come at once', async () => {
    const order = await anOrder(stores).paid();
    const refunds = await Promise.all(
      Array.from({ length: 20 }, () => requested(aRefund(order, 100n, 856n))),
    );
    expect(refunds.filter(({ status }) => status === 'REQUESTED')).toHaveLength(10);
    expect(refunds.filter(({ refusal }) => refusal?.resultCode === 'REFUND_AMOUNT_EXCEED')).toHaveLength(10);
    expect(await given(order)).toBe(8_560n);
  });

  it('makes one refund of twenty requests with one id', async () => {
    const order = await anOrder(stores).paid();
    const request = aRefund(order, 100n, 856n);
    const intents = await Promise.all(Array.from({ length: 20 }, () => stores.refunds.request(request)));
    expect(intents.filter(({ outcome }) => outcome === 'kept')).toHaveLength(1);
    expect(await given(order)).toBe(856n);
  });

  it('lets money that the ledger refused to give back be requested again under another id', async () => {
    const order = await anOrder(stores).paid();
    const refund = await requested(aRefund(order, 1_000n, 8_561n));
    expect(await requested(aRefund(order, 1n, 9n))).toMatchObject({ status: 'REFUSED' });
    await stores.refunds.refused(refund.refundId, 'REFUSED', PROCESS_FAIL);
    expect(await requested(aRefund(order, 1_000n, 8_561n))).toMatchObject({ status: 'REQUESTED' });
  });

  it('gives money back by a refund or by a cancel, in whatever order the two come', async () => {
    const ends = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const order = await anOrder(stores).paid();
        const [refund] = await Promise.all([
          requested(aRefund(order, 1_000n, 8_561n)),
          stores.cancels.cancel({ paymentRequestId: order.paymentRequestId }),
        ]);
        const { status } = await keptOrder(stores, order.paymentId);
        const late = await requested(aRefund(order, 1n, 9n));
        return { refund, status, late: late.refusal?.resultCode };
      }),
    );
    for (const { refund, status, late } of ends) {
      expect(['REQUESTED', 'REFUSED']).toContain(refund.status);
      expect([status, late]).toEqual(['CANCELLED', 'ORDER_IS_CLOSED']);
      if (refund.status === 'REFUSED') expect(refund.refusal?.resultCode).toBe('ORDER_IS_CLOSED');
    }
  });

  it('is guarded by the database itself: nothing beyond the payment, and no way back from an end', async () => {
    const order = await anOrder(stores).paid();
    const { refundId } = await requested(aRefund(order, 1_000n, 8_561n));
    const another = `insert into refund select (json_populate_record(r, $2)).* from refund r where refund_id = $1`;
    const change = { refund_id: randomUUID(), refund_request_id: randomUUID(), back_value: 1 };
    await expect(stores.sql(another, [refundId, JSON.stringify(change)])).rejects.toThrow(
      'is not within payment',
    );
    await stores.refunds.refunded(refundId, 'ledger-2', '2026-03-02T12:00:00+00:00');
    const backwards = `update refund set status = 'IN_DOUBT', refund_time = null, next_attempt_at = db_now() where refund_id = $1`;
    await expect(stores.sql(backwards, [refundId])).rejects.toThrow('may not change like this');
    await expect(
      stores.sql('update refund set back_value = 1 where refund_id = $1', [refundId]),
    ).rejects.toThrow('may not change like this');
  });
});
