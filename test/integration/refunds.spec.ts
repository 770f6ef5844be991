import { randomUUID } from 'node:crypto';
import type { ConfirmedOrder } from '../../src/payment-order/debit/debit.js';
import type { Refund, RefundRequest } from '../../src/payment-order/refund/refund.js';
import { anOrder } from '../support/builders/an-order.js';
import { DebitLab } from '../support/ledger/debit-lab.js';
import { LOST, type LedgerCall } from '../support/ledger/small-ledger.js';
import { Origin } from '../../src/platform/tracing/origin.js';

jest.setTimeout(60_000);

describe('a refund and the ledger', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab.close());

  const paid = async (): Promise<ConfirmedOrder> => {
    const confirmed = await anOrder(lab.stores).confirmed();
    expect(await lab.service.take(confirmed)).toMatchObject({
      outcome: 'settled',
      order: { status: 'PAID' },
    });
    return confirmed;
  };

  function aRefund({ order }: ConfirmedOrder, jpy = 1_000n, hkd = 8_561n): RefundRequest {
    const { paymentRequestId, paymentId } = order;
    return {
      refundRequestId: randomUUID(),
      paymentRequestId,
      paymentId,
      refundAmount: { currency: 'JPY', value: jpy },
      refundFromAmount: { currency: 'HKD', value: hkd },
      content: `${jpy} ${hkd}`,
    };
  }

  const ask = async (request: RefundRequest): Promise<Refund> => {
    const intent = await lab.refunds.refund(request, new Origin('request-1'));
    if (intent.outcome === 'undecided') throw new Error(intent.outcome);
    return intent.refund;
  };

  /** The work of the sweeper when the next call to the ledger is due. */
  const workOn = async ({ refundId }: Refund): Promise<void> => {
    await lab.stores.sql(
      'update refund set next_attempt_at = db_now(), lease_until = null where refund_id = $1',
      [refundId],
    );
    await lab.work.run(refundId);
  };

  const losing = (what: 'refund' | 'reverse') => async (call: LedgerCall) =>
    call.startsWith(what) ? LOST : undefined;
  const given = () => [...lab.ledger.given.values()].reduce((sum, { amount }) => sum + amount.value, 0n);

  it('gives the money back under a key made of the ids of Alipay+, with the same answer when repeated', async () => {
    const request = aRefund(await paid(), 30n, 257n);
    const [first, again] = [await ask(request), await ask(request)];
    expect(first).toMatchObject({ status: 'REFUNDED', backAmount: { currency: 'HKD', value: 257n } });
    expect(again).toEqual(first);
    expect(lab.ledger.callsTo('refund')).toEqual([first.refundId]);
    expect(given()).toBe(257n);
  });

  it.each([
    ['the call', 'before'],
    ['its answer', 'after'],
  ] as const)('finds out later when %s was lost, and gives back once', async (_what, when) => {
    const request = aRefund(await paid());
    lab.ledger[when] = losing('refund');
    const refund = await ask(request);
    expect(refund.status).toBe('IN_DOUBT');
    await workOn(refund);
    expect(await lab.stores.refunds.find(request.refundRequestId)).toMatchObject({
      status: 'IN_DOUBT',
      tries: 2,
    });
    lab.ledger[when] = async () => undefined;
    await workOn(refund);
    expect(await lab.refunds.standing(request.refundRequestId, new Origin('request-2'))).toMatchObject({
      status: 'REFUNDED',
    });
    expect(given()).toBe(8_561n);
  });

  it('asks the ledger again when Alipay+ repeats a refund in doubt, at most once a second', async () => {
    const request = aRefund(await paid());
    lab.ledger.before = losing('refund');
    await ask(request);
    lab.ledger.before = async () => undefined;
    expect(await ask(request)).toMatchObject({ status: 'IN_DOUBT' });
    await lab.stores.sql(
      `update refund set updated_at = db_now() - interval '2 seconds' where refund_request_id = $1`,
      [request.refundRequestId],
    );
    expect(await ask(request)).toMatchObject({ status: 'REFUNDED' });
    expect(given()).toBe(8_561n);
  });

  it('asks the ledger for nothing when an id comes back with other content', async () => {
    const confirmed = await paid();
    const request = aRefund(confirmed, 30n, 257n);
    lab.ledger.before = losing('refund');
    const first = await ask(request);
    lab.ledger.before = async () => undefined;
    const { refundRequestId } = request;
    const other = { ...aRefund(confirmed, 40n, 342n), refundRequestId };
    expect(await ask(other)).toMatchObject({ status: 'IN_DOUBT', refundId: first.refundId });
    expect(lab.ledger.callsTo('refund')).toHaveLength(1);
  });

  it('is refused for good when the ledger refuses', async () => {
    const confirmed = await paid();
    lab.ledger.entries.delete(confirmed.debit.debitId);
    const request = aRefund(confirmed);
    expect(await ask(request)).toMatchObject({ status: 'REFUSED', refusal: { resultCode: 'PROCESS_FAIL' } });
    expect(await ask(request)).toMatchObject({ status: 'REFUSED', tries: 1 });
  });

  it('gives no final answer for an order whose debit is under way', async () => {
    const request = aRefund(await anOrder(lab.stores).confirmed());
    expect(await lab.refunds.refund(request, new Origin('request-1'))).toEqual({ outcome: 'undecided' });
    expect(await lab.stores.refunds.find(request.refundRequestId)).toBeUndefined();
  });

  it('leaves the rest to a cancel, when refund and cancel meet in doubt', async () => {
    const confirmed = await paid();
    lab.ledger.before = losing('refund');
    const refund = await ask(aRefund(confirmed, 30n, 257n));
    lab.ledger.before = async () => undefined;
    const { paymentRequestId } = confirmed.order;
    const { reversal } = await lab.stores.cancels.cancel({ paymentRequestId });
    await lab.work.run(reversal?.id ?? '');
    await workOn(refund);
    expect(await lab.stores.refunds.find(refund.refundRequestId)).toMatchObject({ status: 'REFUSED' });
    expect([given(), lab.ledger.held()]).toEqual([0n, []]);
  });
});
