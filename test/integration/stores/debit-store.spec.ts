import { randomUUID } from 'node:crypto';
import { anOrder, confirm } from '../../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const PAID_AT = '2026-03-01T12:00:00+00:00';
const FAILED = { resultStatus: 'F', resultCode: 'USER_STATUS_ABNORMAL', resultMessage: 'blocked' } as const;

describe('DebitStore', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  it('moves debit, order, history and notification together when the ledger took the money', async () => {
    const confirmed = await anOrder(stores).confirmed();
    const paid = await stores.debits.debited(confirmed, 'ledger-7', PAID_AT);
    expect(paid).toMatchObject({
      status: 'PAID',
      result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
      paymentTime: PAID_AT,
      notificationStatus: 'PENDING',
    });
    const kept = await keptOrder(stores, confirmed.order.paymentId);
    expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED', 'DEBITED']);
    expect(kept.history.at(-1)).toMatchObject({
      from_status: 'DEBITING',
      to_status: 'PAID',
      actor: 'wallet-ledger',
      detail: { debitId: confirmed.debit.debitId },
    });
    expect(kept.debits).toMatchObject([
      {
        status: 'DEBITED',
        ledger_reference: 'ledger-7',
        refusal_code: null,
        tries: 1,
        next_attempt_at: null,
        lease_until: null,
      },
    ]);
    expect(JSON.parse(String(kept.notifications[0]?.body))).toEqual({
      paymentResult: paid?.result,
      paymentRequestId: confirmed.order.paymentRequestId,
      paymentId: confirmed.order.paymentId,
      paymentTime: PAID_AT,
      paymentAmount: { currency: 'JPY', value: '1000' },
      payToAmount: { currency: 'HKD', value: '8561' },
      customerId: confirmed.order.customerId,
    });
  });

  it('keeps the proofs of a confirm until the ledger has answered, so that a repetition is the same call', async () => {
    const requirements = { flags: ['needOtpVerification'], proofs: ['otp'] } as const;
    const content = { promotions: [], surcharged: false, requirements };
    const order = await anOrder(stores).with({ content }).decoded();
    expect(await confirm(stores, order)).toBeUndefined();
    const { paymentId, payAmount } = order;
    const proofs = { otp: '482913', consent: 'not asked for' };
    const yes = { paymentId, payAmount: payAmount!, actor: 'app', leaseMs: 0, proofs };
    const confirmed = await stores.debits.confirm(yes);
    const asked = { proofs: { otp: '482913' } };
    expect(confirmed?.debit).toMatchObject(asked);
    await stores.debits.inDoubt(confirmed!.debit.debitId, 'timeout', 0);
    expect((await stores.debits.claim(confirmed!.debit.debitId, 10_000, 250))?.debit).toMatchObject(asked);
    await stores.debits.debited(confirmed!, 'ledger-1', PAID_AT);
    expect((await keptOrder(stores, paymentId)).debits).toMatchObject([{ status: 'DEBITED', proofs: null }]);
  });

  it('stores and reads amounts of any size to the last digit', async () => {
    const [payment, pay] = [
      123_456_789_012_345_678_901_234_567_890n,
      987_654_321_098_765_432_109_876_543_210n,
    ];
    const confirmed = await anOrder(stores)
      .with({
        paymentAmount: { currency: 'JPY', value: payment },
        payToAmount: { currency: 'HKD', value: pay },
        payAmount: { currency: 'HKD', value: pay },
      })
      .confirmed();
    await stores.debits.debited(confirmed, 'ledger-30', PAID_AT);
    const kept = await keptOrder(stores, confirmed.order.paymentId);
    expect(kept.debits).toMatchObject([{ currency: 'HKD', value: String(pay) }]);
    expect(JSON.parse(String(kept.notifications[0]?.body))).toMatchObject({
      paymentAmount: { currency: 'JPY', value: String(payment) },
      payToAmount: { currency: 'HKD', value: String(pay) },
    });
  });

  it('fails the order for good, or expires it, by the refusal of the ledger', async () => {
    const refused = await anOrder(stores).confirmed();
    expect(await stores.debits.refused(refused, 'CUSTOMER_BLOCKED', FAILED)).toMatchObject({
      status: 'FAILED',
      result: FAILED,
    });
    const late = await anOrder(stores).confirmed();
    expect(await stores.debits.tooLate(late)).toMatchObject({
      status: 'EXPIRED',
      result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
    });
    const [first, second] = await Promise.all(
      [refused, late].map(({ order }) => keptOrder(stores, order.paymentId)),
    );
    expect(first?.debits).toMatchObject([{ status: 'REFUSED', refusal_code: 'CUSTOMER_BLOCKED' }]);
    expect(first?.history.at(-1)?.detail).toMatchObject({ refusalCode: 'CUSTOMER_BLOCKED' });
    expect(second?.debits).toMatchObject([{ status: 'REFUSED', refusal_code: 'TOO_LATE' }]);
    expect(eventsOf(second!)).toEqual(['DECODED', 'CONFIRMED', 'TOO_LATE']);
  });

  it('opens the order again after a refusal that may heal, and the next confirm makes debit number 2', async () => {
    const first = await anOrder(stores).confirmed();
    const open = await stores.debits.reopened(first, 'INSUFFICIENT_BALANCE');
    expect(open).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
    expect(open?.result).toBeUndefined();
    const second = await confirm(stores, open!);
    expect(second?.debit.debitId).not.toBe(first.debit.debitId);
    await stores.debits.debited(second!, 'ledger-8', PAID_AT);
    const kept = await keptOrder(stores, first.order.paymentId);
    expect(kept.debits).toMatchObject([
      { sequence: 1, status: 'REFUSED', refusal_code: 'INSUFFICIENT_BALANCE' },
      { sequence: 2, status: 'DEBITED' },
    ]);
    expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED', 'REOPENED', 'CONFIRMED', 'DEBITED']);
    expect(kept.notifications).toHaveLength(1);
  });

  it('settles once: a second answer moves nothing', async () => {
    const confirmed = await anOrder(stores).confirmed();
    await stores.debits.debited(confirmed, 'ledger-9', PAID_AT);
    const before = await keptOrder(stores, confirmed.order.paymentId);
    expect(await stores.debits.debited(confirmed, 'ledger-10', PAID_AT)).toBeUndefined();
    expect(await stores.debits.refused(confirmed, 'REFUSED', FAILED)).toBeUndefined();
    expect(await stores.debits.tooLate(confirmed)).toBeUndefined();
    expect(await stores.debits.reopened(confirmed, 'INSUFFICIENT_BALANCE')).toBeUndefined();
    expect(await stores.debits.inDoubt(confirmed.debit.debitId, 'timeout', 0)).toBeUndefined();
    expect(await keptOrder(stores, confirmed.order.paymentId)).toEqual(before);
  });

  it('does not settle a refused debit whose order was confirmed again', async () => {
    const first = await anOrder(stores).confirmed();
    const open = await stores.debits.reopened(first, 'INSUFFICIENT_BALANCE');
    const second = await confirm(stores, open!);
    expect(await stores.debits.debited(first, 'ledger-11', PAID_AT)).toBeUndefined();
    expect(await stores.orders.find(first.order.paymentId)).toMatchObject({ status: 'DEBITING' });
    expect(await stores.debits.debited(second!, 'ledger-12', PAID_AT)).toMatchObject({ status: 'PAID' });
  });

  it('keeps a debit in doubt, counts every call, and writes the doubt into the history once', async () => {
    const confirmed = await anOrder(stores).confirmed();
    const { debitId } = confirmed.debit;
    expect(await stores.debits.inDoubt(debitId, 'timeout', 500)).toEqual({ id: debitId, turn: 1 });
    expect(await stores.debits.inDoubt(debitId, 'http_status', 800)).toEqual({ id: debitId, turn: 2 });
    const kept = await keptOrder(stores, confirmed.order.paymentId);
    expect(kept.status).toBe('DEBITING');
    expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED', 'DEBIT_IN_DOUBT']);
    expect(kept.debits).toMatchObject([{ status: 'IN_DOUBT', tries: 2, lease_until: null }]);
    expect(await stores.debits.debited(confirmed, 'ledger-13', PAID_AT)).toMatchObject({ status: 'PAID' });
  });

  it('gives the claim of a debit to one of many at the same moment, with its order', async () => {
    const { debit, order } = await anOrder(stores).inDoubt();
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => stores.debits.claim(debit.debitId, 10_000, 250)),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      order: { paymentId: order.paymentId, status: 'DEBITING' },
      debit: { debitId: debit.debitId, status: 'IN_DOUBT', tries: 1 },
    });
  });

  it('gives no claim of a debit that is leased, not yet due, settled, or unknown', async () => {
    const leased = await anOrder(stores).confirmed();
    const early = await anOrder(stores).inDoubt(5_000);
    const settled = await anOrder(stores).inDoubt();
    await stores.debits.tooLate(settled);
    const ids = [leased, early, settled].map(({ debit }) => debit.debitId);
    for (const id of [...ids, randomUUID()])
      expect(await stores.debits.claim(id, 10_000, 250)).toBeUndefined();
  });

  it('lets a reader of the order ask before it is due, but not while it is claimed or was just asked for', async () => {
    const waiting = await anOrder(stores).inDoubt(60_000);
    const { paymentId } = waiting.order;
    expect(await stores.debits.claimDoubt(paymentId, 10_000, 60_000)).toBeUndefined();
    const claims = await Promise.all([1, 2, 3].map(() => stores.debits.claimDoubt(paymentId, 10_000, -1)));
    expect(claims.filter(Boolean)).toMatchObject([{ debit: { debitId: waiting.debit.debitId } }]);
    const { order: untouched } = await anOrder(stores).confirmed();
    expect(await stores.debits.claimDoubt(untouched.paymentId, 10_000, 0)).toBeUndefined();
  });

  it('lists debits that are due past their grace and not leased', async () => {
    const due = await anOrder(stores).inDoubt(-9_000);
    const fresh = await anOrder(stores).inDoubt(-1_000);
    const leased = await anOrder(stores).confirmed();
    const abandoned = await anOrder(stores).confirmed(0);
    const mine = [due, fresh, leased, abandoned].map(({ debit }) => debit.debitId);
    const found = async (graceMs: number) =>
      (await stores.due('debit', graceMs)).filter((id) => mine.includes(id));
    expect(await found(5_000)).toEqual([due.debit.debitId]);
    expect((await found(0)).sort()).toEqual([due, fresh, abandoned].map(({ debit }) => debit.debitId).sort());
  });

  describe('of an order that was cancelled while it was debited', () => {
    const cancelled = async () => {
      const confirmed = await anOrder(stores).confirmed();
      await stores.cancels.cancel({ paymentRequestId: confirmed.order.paymentRequestId });
      return confirmed;
    };

    it('ends the order CANCELLED and has the money given back when it was taken (failures 14)', async () => {
      const confirmed = await cancelled();
      expect(await stores.debits.debited(confirmed, 'ledger-14', PAID_AT)).toMatchObject({
        status: 'CANCELLED',
        result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
        notificationStatus: 'PENDING',
      });
      const { debitId } = confirmed.debit;
      const reversals = await Promise.all([1, 2, 3].map(() => stores.reversals.claim(debitId, 10_000, 250)));
      expect(reversals.filter(Boolean)).toHaveLength(1);
      expect(await stores.reversals.postpone(debitId, 'timeout', 0)).toEqual({ id: debitId, turn: 1 });
      expect(await Promise.all([1, 2].map(() => stores.reversals.reversed(debitId, 'back-1')))).toEqual(
        expect.arrayContaining([true, false]),
      );
      const kept = await keptOrder(stores, confirmed.order.paymentId);
      expect(kept.debits).toMatchObject([{ status: 'REVERSED', next_attempt_at: null }]);
      expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED', 'CANCELLED', 'REVERSED']);
      expect(kept.notifications).toHaveLength(1);
    });

    it.each(['refused', 'tooLate', 'reopened'] as const)(
      'ends the order CANCELLED when nothing was taken: %s',
      async (answer) => {
        const confirmed = await cancelled();
        const settle = {
          refused: () => stores.debits.refused(confirmed, 'REFUSED', FAILED),
          tooLate: () => stores.debits.tooLate(confirmed),
          reopened: () => stores.debits.reopened(confirmed, 'INSUFFICIENT_BALANCE'),
        };
        expect(await settle[answer]()).toMatchObject({ status: 'CANCELLED' });
        const kept = await keptOrder(stores, confirmed.order.paymentId);
        expect(kept.debits).toMatchObject([{ status: 'REFUSED' }]);
        expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED', 'CANCELLED']);
      },
    );
  });
});
