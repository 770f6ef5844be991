import { randomUUID } from 'node:crypto';
import type { ConfirmedOrder } from '../../src/payment-order/debit/debit.js';
import type { RefundRequest } from '../../src/payment-order/refund/refund.js';
import { aDecodedOrder, anOrder, confirm, type OrderBuilder } from '../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../support/builders/kept-order.js';
import { DebitLab, ledgerDebitOf } from '../support/ledger/debit-lab.js';
import { LOST } from '../support/ledger/small-ledger.js';
import { Origin } from '../../src/platform/tracing/origin.js';

jest.setTimeout(60_000);

/**
 * The database goes back to before the order was known, as a restored dump or a standby that was promoted too early
 * does; Alipay+ and the ledger keep their books (failures 25).
 */
describe('an order whose commits were lost', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(async () => {
    lab.renew();
    await lab.neverMoved();
  });
  afterAll(() => lab.close());

  const anOrderOfIts = (): OrderBuilder => anOrder(lab.stores).with(aDecodedOrder());
  /** The ledger refuses the first attempt and takes the money of the second one. */
  const paidAtSecond = async (order: OrderBuilder): Promise<ConfirmedOrder> => {
    lab.ledger.refusal = 'INSUFFICIENT_BALANCE';
    const reopened = await lab.service.take(await order.confirmed());
    if (reopened.outcome !== 'reopened') throw new Error(reopened.outcome);
    lab.ledger.refusal = undefined;
    const paid = await confirm(lab.stores, reopened.order);
    await lab.service.take(paid!);
    await lab.lose();
    return paid!;
  };

  it('is decoded and confirmed again, and its payer is not debited twice', async () => {
    const order = anOrderOfIts();
    const first = await order.confirmed();
    expect(await lab.service.take(first)).toMatchObject({ outcome: 'settled', order: { status: 'PAID' } });
    await lab.lose();

    const again = await order.confirmed();
    expect(again.order.paymentId).not.toBe(first.order.paymentId);
    expect(await lab.service.take(again)).toMatchObject({ outcome: 'settled', order: { status: 'PAID' } });
    expect(lab.ledger.held()).toHaveLength(1);
    expect((await lab.kept(again)).debits).toMatchObject([
      { status: 'DEBITED', ledger_reference: `ledger-${first.debit.debitId}` },
    ]);
  });

  it('finds the debit also when an earlier attempt was refused', async () => {
    const order = anOrderOfIts();
    const paid = await paidAtSecond(order);

    const again = await order.confirmed();
    const refusedAgain = await lab.service.take(again);
    if (refusedAgain.outcome !== 'reopened') throw new Error(refusedAgain.outcome);
    const found = await confirm(lab.stores, refusedAgain.order);
    expect(await lab.service.take(found!)).toMatchObject({ order: { status: 'PAID' } });
    expect(lab.ledger.held().map(({ key }) => key)).toEqual([paid.debit.debitId]);
  });

  it('does not become paid with the money of another customer', async () => {
    const order = anOrderOfIts();
    await lab.service.take(await order.of('payer-before').confirmed());
    await lab.lose();

    const again = await order.of('payer-after').confirmed();
    lab.ledger.before = async (call) =>
      call.startsWith('debit') ? { outcome: 'unknown', reason: 'key_content_mismatch' } : undefined;
    await lab.service.take(again);
    expect(await lab.workOn(again)).toMatchObject({
      status: 'DEBITING',
      debits: [{ status: 'IN_DOUBT', unknown_reason: 'other_customer' }],
    });
    expect(lab.ledger.held()).toMatchObject([{ customerId: 'payer-before' }]);
  });

  describe('and the loss is detected', () => {
    const paidAndLost = async (order: OrderBuilder) => {
      const first = await order.confirmed();
      await lab.service.take(first);
      await lab.lose();
      expect(await lab.move()).toBe(true);
      return first;
    };

    it('by the place of the records, or by a long silence; once, and not when there was no earlier check', async () => {
      const setSeen = (seenAt: string) => lab.stores.sql(`update record_watch set seen_at = ${seenAt}`);
      expect(await lab.records.look()).toBe(false);
      expect(await lab.records.look()).toBe(false);
      await setSeen(`db_now() - interval '4 minutes'`);
      expect(await lab.records.look()).toBe(false);
      await setSeen(`db_now() - interval '6 minutes'`);
      const looks = await Promise.all([1, 2, 3].map(() => lab.records.look()));
      expect(looks.filter(Boolean)).toHaveLength(1);
      expect(await lab.move()).toBe(true);
      expect(await lab.records.look()).toBe(false);
    });

    it('marks every open order, and those that become known during one day', async () => {
      const paid = await anOrder(lab.stores).paid();
      const open = await anOrder(lab.stores).decoded();
      const doubted = await anOrder(lab.stores).inDoubt();
      await lab.move();
      const later = await anOrder(lab.stores).decoded();
      const isMarked = async (id: string) => (await lab.stores.orders.find(id))?.askLedger;
      expect(later.askLedger).toBe(true);
      const ids = [paid, open, doubted.order, later].map(({ paymentId }) => paymentId);
      expect(await Promise.all(ids.map(isMarked))).toEqual([false, true, true, true]);
      await lab.stores.sql(`update record_watch set ask_until = db_now()`);
      expect(await anOrder(lab.stores).decoded()).toMatchObject({ askLedger: false });
    });

    it('and Alipay+ cancels it, its money goes back although nobody scans it again', async () => {
      const order = anOrderOfIts();
      const first = await paidAndLost(order);
      const { paymentRequestId } = first.order;
      lab.ledger.before = async (call) => (call.startsWith('reverse') ? LOST : undefined);
      expect(await lab.lost.giveBack(paymentRequestId)).toBe(false);
      lab.ledger.before = async () => undefined;
      lab.ledger.after = async (call) => (call.startsWith('reverse') ? LOST : undefined);
      expect(await lab.lost.giveBack(paymentRequestId)).toBe(false);
      lab.ledger.after = async () => undefined;
      expect(await lab.lost.giveBack(paymentRequestId)).toBe(true);
      expect(lab.ledger.held()).toEqual([]);
      const onItsWay = await anOrder(lab.stores).confirmed();
      expect(await lab.lost.giveBack(onItsWay.order.paymentRequestId)).toBe(true);
      await lab.ledger.debit(ledgerDebitOf(onItsWay));
      expect(lab.ledger.held()).toEqual([]);
      lab.ledger.before = async () => LOST;
      expect(await lab.lost.giveBack(paymentRequestId)).toBe(false);
    });

    describe('while Alipay+ requests its refund', () => {
      const refundOf = ({ order }: ConfirmedOrder, refundRequestId = randomUUID()): RefundRequest => ({
        refundRequestId,
        paymentRequestId: order.paymentRequestId,
        paymentId: order.paymentId,
        refundAmount: { currency: 'JPY', value: 30n },
        refundFromAmount: { currency: 'HKD', value: 257n },
        content: '30',
      });
      const ask = (request: RefundRequest) => lab.refunds.refund(request, new Origin('request-1'));

      it('gets no refusal before it is scanned again, and then the same refund, once', async () => {
        const order = anOrderOfIts();
        const first = await order.confirmed();
        await lab.service.take(first);
        const request = refundOf(first);
        expect(await ask(request)).toMatchObject({ refund: { status: 'REFUNDED' } });
        await lab.stores.sql('truncate scan, payment_order, unpaid_order, refund cascade');
        await lab.move();

        expect(await ask(request)).toEqual({ outcome: 'undecided' });
        const again = await order.confirmed();
        expect(await ask(request)).toEqual({ outcome: 'undecided' });
        await lab.service.take(again);
        // Alipay+ still names the payment by the id it got.
        expect(await ask(request)).toMatchObject({
          refund: { status: 'REFUNDED', paymentId: again.order.paymentId, amountFlag: 'PAYMENT_ID_DIFFERS' },
        });
        expect([...lab.ledger.given.values()].map(({ amount }) => amount.value)).toEqual([257n]);
      });

      it('is found at the ledger although nobody confirmed it again', async () => {
        const order = anOrderOfIts();
        const first = await paidAndLost(order);
        const again = await order.decoded();
        const request = { ...refundOf(first), paymentId: again.paymentId };
        expect(await ask(request)).toMatchObject({ refund: { status: 'REFUNDED' } });
        expect(await lab.stores.orders.find(again.paymentId)).toMatchObject({ status: 'PAID' });
      });

      it('is refused when the ledger has no debit of it, or our records have no gap', async () => {
        const never = await anOrder(lab.stores).confirmed();
        await lab.lose();
        expect(await ask(refundOf(never))).toMatchObject({ refund: { status: 'REFUSED' } });
        await lab.move();
        expect(await ask(refundOf(never))).toMatchObject({
          refund: { status: 'REFUSED', refusal: { resultCode: 'ORDER_NOT_EXIST' } },
        });
        lab.ledger.before = async () => LOST;
        expect(await ask(refundOf(never))).toEqual({ outcome: 'undecided' });
      });

      it('a refund that the ledger may refuse because of the loss does not exclude another one', async () => {
        const order = anOrderOfIts();
        const confirmed = await order.confirmed();
        await lab.service.take(confirmed);
        await lab.move();
        const whole = {
          refundAmount: { currency: 'JPY', value: 1_000n },
          refundFromAmount: { currency: 'HKD', value: 8_561n },
        };
        lab.ledger.before = async () => LOST;
        await ask({ ...refundOf(confirmed), ...whole });
        expect(await ask({ ...refundOf(confirmed), ...whole })).toEqual({ outcome: 'undecided' });
      });
    });

    it('it asks the ledger by key before it debits', async () => {
      const order = anOrderOfIts();
      await paidAndLost(order);
      lab.ledger.calls.length = 0;
      const again = await order.confirmed();
      expect(await lab.service.take(again)).toMatchObject({ order: { status: 'PAID' } });
      expect(lab.ledger.calls).toEqual([`lookup ${again.debit.debitId}`]);
    });

    it('it does not end before the ledger was asked, which makes it paid', async () => {
      const order = anOrderOfIts();
      const first = await paidAndLost(order);
      const again = await order.decoded();
      expect(await lab.stores.orders.decline(again, 'wallet-app')).toBeUndefined();
      await lab.service.findOut(again.paymentId);
      const kept = await keptOrder(lab.stores, again.paymentId);
      expect(kept).toMatchObject({ status: 'PAID', debits: [{ status: 'DEBITED', confirmed: false }] });
      expect(eventsOf(kept)).toEqual(['DECODED', 'LEDGER_ASKED', 'DEBITED']);
      expect(lab.ledger.held().map(({ key }) => key)).toEqual([first.debit.debitId]);
    });

    it('it goes on as before where the ledger has no debit, and no earlier debit can come any more', async () => {
      await lab.move();
      const lost = await anOrder(lab.stores).decoded();
      await lab.service.findOut(lost.paymentId);
      const open = await lab.stores.orders.find(lost.paymentId);
      expect(open).toMatchObject({ status: 'AWAITING_CONFIRMATION', askLedger: false });
      const [closed] = lab.ledger.callsTo('reverse');
      expect(lab.ledger.callsTo('debit')).toEqual([]);
      const confirmed = await confirm(lab.stores, open!);
      expect(await lab.service.take(confirmed!)).toMatchObject({ order: { status: 'PAID' } });
      expect(lab.ledger.held().map(({ key }) => key)).not.toContain(closed);
      const late = { ...ledgerDebitOf(confirmed!), key: closed ?? '' };
      expect(await lab.ledger.debit(late)).toMatchObject({ outcome: 'refused' });
    });

    it('it asks for every attempt there was', async () => {
      const order = anOrderOfIts();
      await paidAtSecond(order);
      await lab.move();
      const again = await order.decoded();
      await lab.service.findOut(again.paymentId);
      expect(await lab.stores.orders.decline(again, 'wallet-app')).toBeUndefined();
      await lab.service.findOut(again.paymentId);
      expect(await lab.stores.orders.find(again.paymentId)).toMatchObject({ status: 'PAID' });
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('it gives back what a later attempt took when Alipay+ cancels, although the first one was refused', async () => {
      const order = anOrderOfIts();
      const paid = await paidAtSecond(order);
      await lab.move();
      const { paymentId, paymentRequestId } = await order.decoded();
      await lab.stores.cancels.cancel({ paymentRequestId });
      await lab.service.findOut(paymentId);
      const { askLedger } = (await lab.stores.orders.find(paymentId)) ?? {};
      expect(askLedger).toBe(true);
      await lab.service.findOut(paymentId);
      await lab.workOnDebit(paid.debit.debitId);
      expect(await keptOrder(lab.stores, paymentId)).toMatchObject({ status: 'CANCELLED' });
      expect(lab.ledger.held()).toEqual([]);
    });

    it('it gives the money back when Alipay+ cancels, and is never reported as in process again', async () => {
      const order = anOrderOfIts();
      await paidAndLost(order);
      const again = await order.decoded();
      const { paymentId, paymentRequestId } = again;
      expect((await lab.stores.cancels.cancel({ paymentRequestId })).closedNow).toBeUndefined();
      expect(await lab.stores.inquiries.standing(paymentRequestId)).toEqual({ known: 'cancelled' });
      lab.ledger.before = async () => LOST;
      await lab.service.findOut(paymentId);
      expect(await lab.stores.inquiries.standing(paymentRequestId)).toEqual({ known: 'cancelled' });
      lab.ledger.before = async () => undefined;
      const [debit] = (await keptOrder(lab.stores, paymentId)).debits;
      await lab.workOnDebit(String(debit?.debit_id));
      await lab.workOnDebit(String(debit?.debit_id));
      expect(await keptOrder(lab.stores, paymentId)).toMatchObject({
        status: 'CANCELLED',
        debits: [{ status: 'REVERSED' }],
      });
      expect(lab.ledger.held()).toEqual([]);
    });
  });

  it('stays in doubt, also when its time is over, where the ledger says that it was paid under another key', async () => {
    const again = await lab.outOfTime(async (confirmed) => {
      lab.ledger.refusal = 'ALREADY_DEBITED';
      expect(await lab.service.take(confirmed)).toEqual({ outcome: 'unsettled' });
    });
    expect(await lab.workOn(again)).toMatchObject({
      status: 'DEBITING',
      debits: [{ status: 'IN_DOUBT', unknown_reason: 'refused_ALREADY_DEBITED' }],
      notifications: [],
    });
    expect(lab.ledger.callsTo('reverse')).toEqual([]);
  });
});

describe('the key of a debit', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  afterAll(() => lab.close());

  const keyOf = async (name: string, attempt: number): Promise<string> => {
    const [row] = await lab.stores.sql<{ key: string }>('select debit_key($1, $2) as key', [name, attempt]);
    return row?.key ?? '';
  };

  it('is made only of the order and the number of the attempt, as the contract says', async () => {
    expect(await keyOf('20260302190741010007000000771', 1)).toBe('9520b5cd-bb75-8cc6-be75-2424626f37ea');
    const { order, debit } = await anOrder(lab.stores).confirmed();
    expect(debit.debitId).toBe(await keyOf(order.paymentRequestId, 1));
  });

  it('differs for every order and every attempt', async () => {
    const names = ['a', 'b', '1 a', 'A', 'ä', '-1'];
    const keys = await Promise.all(
      names.flatMap((name) => [1, 2, 11].map((attempt) => keyOf(name, attempt))),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
