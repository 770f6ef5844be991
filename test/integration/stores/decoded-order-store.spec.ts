import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { DecodedOrder } from '../../../src/payment-order/order/payment-order.js';
import { aDecodedOrder, anOrder } from '../../support/builders/an-order.js';
import { aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

describe('DecodedOrderStore', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  const accept = async (decoded: DecodedOrder, customerId = 'payer', defaultLifeMs = 600_000) => {
    const scan = await aPendingScan(stores, { customerId });
    const accepted = await stores.decodedOrders.accept(scan.scanId, evidence(), decoded, defaultLifeMs);
    return { scanId: scan.scanId, accepted };
  };
  const ordersOf = (paymentRequestId: string) =>
    stores.sql<{
      payment_id: string;
      customer_id: string;
      content_conflict: boolean;
      status: string;
      held_reason: string | null;
    }>('select * from payment_order where payment_request_id = $1', [paymentRequestId]);

  it('stores exactly the decoded order, with the first line of its history, and ends the scan', async () => {
    const decoded = aDecodedOrder({ quoteId: 'quote-7', quoteExpiresAt: new Date(Date.now() + 60_000) });
    const { scanId, accepted } = await accept(decoded);
    if (accepted.outcome !== 'created') throw new Error(accepted.outcome);
    const { order } = accepted;
    expect(order).toMatchObject({
      paymentRequestId: decoded.paymentRequestId,
      customerId: 'payer',
      status: 'AWAITING_CONFIRMATION',
      paymentAmount: decoded.paymentAmount,
      payToAmount: decoded.payToAmount,
      payAmount: decoded.payAmount,
      quoteId: 'quote-7',
      quoteExpiresAt: decoded.quoteExpiresAt,
      expiresAt: decoded.expiresAt,
      content: decoded.content,
      contentConflict: false,
    });
    expect(await stores.orders.find(order.paymentId)).toMatchObject({ ...order, readAt: expect.any(Date) });
    expect((await keptOrder(stores, order.paymentId)).history).toMatchObject([
      { event: 'DECODED', from_status: null, to_status: 'AWAITING_CONFIRMATION', actor: 'alipay-plus' },
    ]);
    expect(await stores.scans.find(scanId)).toMatchObject({
      status: 'DECODED',
      paymentId: order.paymentId,
      tries: 1,
    });
  });

  it('holds an order that has a reason to be held, with amounts or without, for the default life', async () => {
    const { paymentAmount: _a, payToAmount: _b, payAmount: _c, expiresAt: _d, ...bare } = aDecodedOrder();
    const { accepted } = await accept({ ...bare, heldReason: 'NOT_PAYABLE: x' }, 'payer', 90_000);
    expect(accepted).toMatchObject({
      outcome: 'created',
      order: { status: 'HELD', heldReason: 'NOT_PAYABLE: x' },
    });
    if (!('order' in accepted)) return;
    expect(accepted.order.payAmount).toBeUndefined();
    expect(accepted.order.expiresAt.getTime() - accepted.order.createdAt.getTime()).toBe(90_000);
  });

  it('gives each of many that share a commit its own order, unstorable and known ones among them', async () => {
    const known = aDecodedOrder();
    await accept(known);
    const fresh = Array.from({ length: 12 }, () => aDecodedOrder());
    const faulty = aDecodedOrder({ acquirerId: 'NUL\0' });
    const ends = await Promise.allSettled([
      ...fresh.map((decoded) => accept(decoded)),
      accept(known),
      accept(faulty),
      accept(known, 'another'),
      ...[1, 2].map(() => accept(fresh[11]!)),
    ]);
    const outcomes = ends.map((end) => (end.status === 'fulfilled' ? end.value.accepted.outcome : 'fails'));
    expect(outcomes.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 'created'));
    expect(outcomes.slice(12, 15)).toEqual(['merged', 'created', 'owned_by_another']);
    expect([outcomes[11], ...outcomes.slice(15)].sort()).toEqual(['created', 'merged', 'merged']);
    for (const { paymentRequestId } of fresh) expect(await ordersOf(paymentRequestId)).toHaveLength(1);
    expect(await ordersOf(faulty.paymentRequestId)).toMatchObject([
      { status: 'HELD', held_reason: expect.stringMatching(/^NOT_PAYABLE: .* cannot be stored/) },
    ]);
  });

  it('hashes the fixed content the same way for ever, since orders outlive the version that wrote them', async () => {
    const decoded = aDecodedOrder({ heldReason: 'HANDLE_BY_SDK' });
    const { accepted } = await accept(decoded);
    if (!('order' in accepted)) throw new Error(accepted.outcome);
    const amount = (money: { currency: string; value: bigint } | undefined) =>
      money ? `{"currency":"${money.currency}","value":"${money.value}"}` : 'null';
    const time = (at: Date | undefined) => (at ? `"${at.toISOString()}"` : 'null');
    const essence = `["${decoded.scenario}",${amount(decoded.paymentAmount)},${amount(decoded.payToAmount)},${amount(
      decoded.payAmount,
    )},${decoded.quoteId === undefined ? 'null' : `"${decoded.quoteId}"`},${time(decoded.quoteExpiresAt)},${time(
      decoded.expiresAt,
    )},"${decoded.notifyUrl}","HANDLE_BY_SDK",${JSON.stringify(decoded.content)}]`;
    const [row] = await stores.sql<{ hash: Buffer }>(
      'select content_sha256 as hash from payment_order where payment_id = $1',
      [accepted.order.paymentId],
    );
    expect(row?.hash.toString('hex')).toBe(createHash('sha256').update(essence).digest('hex'));
  });

  it('keeps amounts of any size to the last digit', async () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 31n });
    await fc.assert(
      fc.asyncProperty(amount, amount, amount, async (payment, payTo, pay) => {
        const order = await anOrder(stores)
          .with({
            paymentAmount: { currency: 'JPY', value: payment },
            payToAmount: { currency: 'HKD', value: payTo },
            payAmount: { currency: 'BHD', value: pay },
          })
          .decoded();
        const found = await stores.orders.find(order.paymentId);
        expect(found?.paymentAmount).toEqual({ currency: 'JPY', value: payment });
        expect(found?.payToAmount).toEqual({ currency: 'HKD', value: payTo });
        expect(found?.payAmount).toEqual({ currency: 'BHD', value: pay });
      }),
      { numRuns: 25, examples: [[123456789012345678901234567890n, 10n ** 30n, 2n ** 53n + 1n]] },
    );
  });

  it('makes one order of two answers for one scan, at once or one after the other', async () => {
    const scan = await aPendingScan(stores);
    const decoded = aDecodedOrder();
    const take = () => stores.decodedOrders.accept(scan.scanId, evidence(), decoded, 1);
    const first = await Promise.all([take(), take(), take()]);
    expect(first.map(({ outcome }) => outcome).sort()).toEqual(['created', 'merged', 'merged']);
    expect(await take()).toMatchObject({ outcome: 'merged' });
    const [order, ...more] = await ordersOf(decoded.paymentRequestId);
    expect(more).toEqual([]);
    expect(eventsOf(await keptOrder(stores, order!.payment_id))).toEqual(['DECODED']);
    const exchanges = await stores.sql('select 1 from decode_exchange where scan_id = $1', [scan.scanId]);
    expect(exchanges).toHaveLength(4);
  });

  it('links a later scan of the same customer to the existing order', async () => {
    const decoded = aDecodedOrder();
    const first = await accept(decoded);
    const second = await accept(decoded);
    expect(second.accepted.outcome).toBe('merged');
    const [order] = await ordersOf(decoded.paymentRequestId);
    for (const { scanId } of [first, second]) {
      expect(await stores.scans.find(scanId)).toMatchObject({
        status: 'DECODED',
        paymentId: order!.payment_id,
      });
    }
    expect(order).toMatchObject({ content_conflict: false });
  });

  it('ends the scan of another customer as refused and gives away nothing of the order (failures 2)', async () => {
    const decoded = aDecodedOrder();
    await accept(decoded, 'owner');
    const { scanId, accepted } = await accept(decoded, 'stranger');
    expect(accepted).toEqual({ outcome: 'owned_by_another' });
    const scan = await stores.scans.find(scanId);
    expect(scan).toMatchObject({ status: 'REJECTED', resultCode: 'REPEAT_REQ_INCONSISTENT' });
    expect(scan?.paymentId).toBeUndefined();
    expect(await ordersOf(decoded.paymentRequestId)).toMatchObject([{ customer_id: 'owner' }]);
  });

  it('gives the order to one of two customers whose answers come at the same moment', async () => {
    for (let round = 0; round < 15; round += 1) {
      const decoded = aDecodedOrder();
      const answers = await Promise.all(['one', 'two', 'one', 'two'].map((payer) => accept(decoded, payer)));
      const outcomes = answers.map(({ accepted }) => accepted.outcome).sort();
      expect(outcomes).toEqual(['created', 'merged', 'owned_by_another', 'owned_by_another']);
      expect(await ordersOf(decoded.paymentRequestId)).toHaveLength(1);
    }
  });

  it('flags content that differs, once per content, and leaves the order as it was', async () => {
    const decoded = aDecodedOrder();
    const { accepted } = await accept(decoded);
    if (!('order' in accepted)) throw new Error(accepted.outcome);
    const dearer = { ...decoded, payAmount: { currency: 'HKD', value: 8_562n } };
    const renamed = { ...decoded, content: { ...decoded.content, orderDescription: 'another' } };
    await Promise.all([accept(dearer), accept(dearer), accept(decoded), accept(dearer)]);
    await accept(renamed);
    await accept(dearer);
    const kept = await keptOrder(stores, accepted.order.paymentId);
    expect(eventsOf(kept)).toEqual(['DECODED', 'DECODED_DIFFERENTLY', 'DECODED_DIFFERENTLY']);
    expect(await stores.orders.find(accepted.order.paymentId)).toMatchObject({
      contentConflict: true,
      payAmount: decoded.payAmount,
      content: decoded.content,
    });
  });

  it('leaves an ended scan ended, and makes no order of a late answer', async () => {
    const scan = await aPendingScan(stores, { windowMs: 0 });
    await stores.scans.giveUp(scan.scanId);
    const decoded = aDecodedOrder();
    const accepted = await stores.decodedOrders.accept(scan.scanId, evidence(), decoded, 1);
    expect(accepted).toEqual({ outcome: 'scan_ended' });
    expect(await ordersOf(decoded.paymentRequestId)).toEqual([]);
    expect(await stores.scans.find(scan.scanId)).toMatchObject({ status: 'GIVEN_UP' });
  });
});
