import { createHash, randomUUID } from 'node:crypto';
import { aDecodedOrder, anOrder, confirm } from '../../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

describe('PaymentOrderStore', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  it('finds nothing under an unknown id', async () => {
    expect(await stores.orders.find(randomUUID())).toBeUndefined();
  });

  describe('confirm', () => {
    it('moves the order and writes the intent to debit together, under a lease', async () => {
      const order = await anOrder(stores)
        .of('payer')
        .quotedUntil(new Date(Date.now() + 60_000))
        .decoded();
      const confirmed = await confirm(stores, order, 7_000);
      expect(confirmed?.order).toMatchObject({ paymentId: order.paymentId, status: 'DEBITING' });
      expect(confirmed?.debit).toMatchObject({
        paymentId: order.paymentId,
        customerId: 'payer',
        amount: order.payAmount,
        notAfter: order.quoteExpiresAt,
        status: 'INTENDED',
        tries: 0,
      });
      const kept = await keptOrder(stores, order.paymentId);
      expect(kept.debits).toMatchObject([{ sequence: 1, status: 'INTENDED', quote_id: 'quote-1' }]);
      const { lease_until: lease, next_attempt_at: due } = kept.debits[0]!;
      expect(lease!.getTime() - due!.getTime()).toBe(7_000);
      expect(kept.history.at(-1)).toMatchObject({
        event: 'CONFIRMED',
        from_status: 'AWAITING_CONFIRMATION',
        to_status: 'DEBITING',
        actor: 'wallet-app',
      });
      expect(kept.notifications).toEqual([]);
    });

    it('debits until the order expires when its quote lives longer, or there is none', async () => {
      const expiresAt = new Date(Date.now() + 60_000);
      const quoted = anOrder(stores)
        .expiringAt(expiresAt)
        .quotedUntil(new Date(Date.now() + 90_000));
      for (const builder of [quoted, anOrder(stores).expiringAt(expiresAt)]) {
        expect((await builder.confirmed()).debit.notAfter).toEqual(expiresAt);
      }
    });

    it('happens once of fifty at the same moment (failures 1)', async () => {
      const order = await anOrder(stores).decoded();
      const confirmed = await Promise.all(Array.from({ length: 50 }, () => confirm(stores, order)));
      expect(confirmed.filter(Boolean)).toHaveLength(1);
      const kept = await keptOrder(stores, order.paymentId);
      expect(eventsOf(kept)).toEqual(['DECODED', 'CONFIRMED']);
      expect(kept.debits).toHaveLength(1);
    });

    it.each([
      ['another amount', { payAmount: { currency: 'HKD', value: 8_562n } }],
      ['another currency', { payAmount: { currency: 'JPY', value: 8_561n } }],
      ['another quote', { quoteId: 'quote-2' }],
    ])('moves nothing for %s than that of the order', async (_what, change) => {
      const order = await anOrder(stores)
        .quotedUntil(new Date(Date.now() + 60_000))
        .decoded();
      const { paymentId, payAmount } = order;
      const said = { paymentId, payAmount: payAmount!, actor: 'app', leaseMs: 1, ...change };
      expect(await stores.debits.confirm(said)).toBeUndefined();
      expect(await keptOrder(stores, paymentId)).toMatchObject({
        status: 'AWAITING_CONFIRMATION',
        debits: [],
        history: [{ event: 'DECODED' }],
      });
    });

    it('accepts the quote that the payer saw, and needs none', async () => {
      const quoted = () =>
        anOrder(stores)
          .quotedUntil(new Date(Date.now() + 60_000))
          .decoded();
      for (const quote of [{ quoteId: 'quote-1' }, {}]) {
        const { paymentId, payAmount } = await quoted();
        const said = { paymentId, payAmount: payAmount!, actor: 'app', leaseMs: 1, ...quote };
        expect(await stores.debits.confirm(said)).toBeDefined();
      }
    });

    it('moves no order that is held, over, cancelled or unknown', async () => {
      const held = await anOrder(stores).held().decoded();
      const declined = await anOrder(stores).declined();
      const paid = await anOrder(stores).paid();
      const cancelled = await anOrder(stores).decoded();
      await stores.cancels.cancel({ paymentRequestId: cancelled.paymentRequestId });
      for (const order of [held, declined, paid, cancelled]) {
        expect(await confirm(stores, order)).toBeUndefined();
      }
      expect(await confirm(stores, { ...held, paymentId: randomUUID() })).toBeUndefined();
    });

    it('moves no order that was cancelled before we knew it (failures 15)', async () => {
      const { paymentRequestId } = aDecodedOrder();
      expect(await stores.cancels.cancel({ paymentRequestId })).toEqual({});
      const order = await anOrder(stores).with({ paymentRequestId }).decoded();
      expect(order).toMatchObject({ status: 'AWAITING_CONFIRMATION', cancelRequestedAt: expect.any(Date) });
      expect(await confirm(stores, order)).toBeUndefined();
      expect((await keptOrder(stores, order.paymentId)).debits).toEqual([]);
      expect(await stores.due('cancel')).toContain(order.paymentId);
      expect(await stores.cancels.cancel({ paymentRequestId })).toMatchObject({ closedNow: true });
    });

    it('compares amounts exactly beyond what a float can hold', async () => {
      const value = 123_456_789_012_345_678_901_234_567_890n;
      const order = await anOrder(stores)
        .with({ payAmount: { currency: 'HKD', value } })
        .decoded();
      expect(
        await confirm(stores, { ...order, payAmount: { currency: 'HKD', value: value + 1n } }),
      ).toBeUndefined();
      const confirmed = await confirm(stores, order);
      expect(confirmed?.debit.amount).toEqual({ currency: 'HKD', value });
    });
  });

  describe('an unpaid end', () => {
    it('by a decline has its result, its line of history and its frozen notification', async () => {
      const order = await anOrder(stores).decoded();
      const declined = await stores.orders.decline(order, 'wallet-app');
      expect(declined).toMatchObject({
        status: 'DECLINED',
        result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'the payer declined' },
        notificationStatus: 'PENDING',
      });
      const kept = await keptOrder(stores, order.paymentId);
      expect(kept.history.at(-1)).toMatchObject({
        event: 'DECLINED',
        from_status: 'AWAITING_CONFIRMATION',
        to_status: 'DECLINED',
        actor: 'wallet-app',
      });
      const [notification] = kept.notifications;
      expect(notification).toMatchObject({ url: order.notifyUrl, status: 'PENDING', tries: 0 });
      expect(JSON.parse(String(notification?.body))).toEqual({
        paymentResult: declined?.result,
        paymentRequestId: order.paymentRequestId,
        paymentId: order.paymentId,
        paymentAmount: { currency: 'JPY', value: '1000' },
        customerId: order.customerId,
      });
      const digest = createHash('sha256').update(notification!.body).digest();
      expect(notification?.body_sha256).toEqual(digest);
    });

    it('happens once: a second one of any kind moves nothing', async () => {
      const order = await anOrder(stores).declined();
      expect(await stores.orders.decline(order, 'wallet-app')).toBeUndefined();
      expect(await stores.orders.expire(order)).toBeUndefined();
      expect(await stores.orders.cancelUnpaid(order)).toBeUndefined();
      expect(eventsOf(await keptOrder(stores, order.paymentId))).toEqual(['DECODED', 'DECLINED']);
    });

    it('of an order that can never be paid is F at once, and is possible only for a held one', async () => {
      const held = await anOrder(stores).held('UNSUPPORTED_ACTION').decoded();
      expect(await stores.orders.endUnpayable(held)).toMatchObject({
        status: 'FAILED',
        heldReason: 'UNSUPPORTED_ACTION',
        result: { resultStatus: 'F', resultCode: 'PROCESS_FAIL', resultMessage: 'the order cannot be paid' },
        notificationStatus: 'PENDING',
      });
      expect(eventsOf(await keptOrder(stores, held.paymentId))).toEqual(['DECODED', 'UNPAYABLE']);
      for (const order of [held, await anOrder(stores).decoded(), await anOrder(stores).paid()])
        expect(await stores.orders.endUnpayable(order)).toBeUndefined();
    });

    it('by a decline is possible for a held order too, with amounts or without', async () => {
      const held = await anOrder(stores).held().decoded();
      expect(await stores.orders.decline(held, 'wallet-app')).toMatchObject({
        status: 'DECLINED',
        heldReason: 'HANDLE_BY_SDK',
      });
      expect(eventsOf(await keptOrder(stores, held.paymentId))).toEqual(['DECODED', 'DECLINED']);
    });

    it('by the clock is possible for a held order too', async () => {
      const late = new Date(Date.now() - 1_000);
      const held = await anOrder(stores).held().expiringAt(late).decoded();
      expect(await stores.orders.expire(held)).toMatchObject({ status: 'EXPIRED' });
      expect((await keptOrder(stores, held.paymentId)).history.at(-1)).toMatchObject({
        from_status: 'HELD',
        to_status: 'EXPIRED',
        actor: 'sweep',
      });
    });

    it('is impossible for an order whose debit is under way', async () => {
      const { order } = await anOrder(stores).confirmed();
      expect(await stores.orders.decline(order, 'wallet-app')).toBeUndefined();
      expect(await stores.orders.expire({ ...order, expiresAt: new Date(0) })).toBeUndefined();
      expect(await stores.orders.cancelUnpaid(order)).toBeUndefined();
    });
  });

  it('lists the final ones among the given orders', async () => {
    const { order: debiting } = await anOrder(stores).confirmed();
    const waiting = await anOrder(stores).decoded();
    const paid = await anOrder(stores).paid();
    const asked = [debiting, waiting, paid].map(({ paymentId }) => paymentId);
    const settled = await stores.orders.settled([...asked, randomUUID()]);
    expect([...settled].sort()).toEqual([waiting.paymentId, paid.paymentId].sort());
  });

  it('lists expired orders that nobody confirmed, oldest first, up to a limit', async () => {
    const late = (msAgo: number) => anOrder(stores).expiringAt(new Date(Date.now() - msAgo));
    const newer = await late(60_000).decoded();
    const older = await late(120_000).held().decoded();
    const inTime = await anOrder(stores).decoded();
    const mine = [newer, older, inTime].map(({ paymentId }) => paymentId);
    const found = (await stores.due('expiry')).filter((id) => mine.includes(id));
    expect(found).toEqual([older.paymentId, newer.paymentId]);
    expect(await stores.due('expiry', 0, 1)).toHaveLength(1);
  });
});
