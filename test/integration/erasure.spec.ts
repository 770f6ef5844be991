import { randomUUID } from 'node:crypto';
import { eraseCommand } from '../../scripts/erase-customer.js';
import { INBOUND_ANSWER, INBOUND_REQUEST } from '../../src/payment-order/evidence/evidence.store.js';
import { DECODE_ANSWER, NOTIFY_ANSWER } from '../../src/payment-order/evidence/exchange-evidence.js';
import { NOTE_BODY } from '../../src/payment-order/operator/payment-note.store.js';
import { NOTIFY_BODY } from '../../src/payment-order/order/frozen-result.js';
import { ORDER_CONTENT } from '../../src/payment-order/order/sealed-content.js';
import { ErasureStore } from '../../src/payment-order/records/erasure.store.js';
import { anOrder } from '../support/builders/an-order.js';
import { aPendingScan, evidence } from '../support/builders/a-scan.js';
import { aKey, OpenedStores } from '../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const CONTENT = { orderDescription: 'two cups', promotions: [{ promoName: 'spring' }], surcharged: true };
const ANSWER = Buffer.from('an answer about Ada');

let stores: OpenedStores;
beforeAll(async () => {
  stores = (await OpenedStores.open(4)).holding(aKey(1), aKey(2, 'digest'));
});
afterAll(() => stores.close());

const erase = (...args: string[]) => eraseCommand(args, new ErasureStore(stores.database), 'night-shift');

/** A payment that went all the way, and its evidence. */
async function told(customerId: string) {
  const order = await anOrder(stores).with({ content: CONTENT }).of(customerId).paid();
  const end = { status: 'DELIVERED', requestedBy: 'schedule' } as const;
  await stores.notifications.record(order.paymentId, evidence({ answer: ANSWER }), end);
  await stores.evidence.keepInbound({
    api: 'inquiryPayment',
    paymentRequestId: order.paymentRequestId,
    requestTime: '2026-03-01T08:00:00Z',
    request: ANSWER,
    answer: ANSWER,
    result: { resultStatus: 'S', resultCode: 'SUCCESS' },
  });
  const { paymentId } = order;
  const by = { actor: 'operator:desk/ann', name: 'desk', subject: 'ann' };
  await stores.notes.keep({ noteId: randomUUID(), paymentId, by, text: 'Ada called' });
  return order;
}

const kept = async (paymentId: string): Promise<string[]> => {
  const ofPayment = (
    column: typeof NOTIFY_BODY | typeof NOTIFY_ANSWER | typeof NOTE_BODY | typeof ORDER_CONTENT,
  ) => stores.opened(column, 'payment_id = $1', [paymentId]);
  const ofScan = `scan_id in (select scan_id from scan where payment_id = $1)`;
  const ofOrder = `payment_request_id = (select payment_request_id from payment_order where payment_id = $1)`;
  const all = await Promise.all([
    ofPayment(ORDER_CONTENT),
    ofPayment(NOTIFY_BODY),
    ofPayment(NOTIFY_ANSWER),
    ofPayment(NOTE_BODY),
    stores.opened(DECODE_ANSWER, ofScan, [paymentId]),
    stores.opened(INBOUND_REQUEST, ofOrder, [paymentId]),
    stores.opened(INBOUND_ANSWER, ofOrder, [paymentId]),
  ]);
  return all.flat().flatMap((bytes) => (bytes === null || bytes.length === 0 ? [] : [bytes.toString()]));
};

describe('mpp erase-customer', () => {
  it('needs a reason, and changes nothing without --yes', async () => {
    const order = await told('customer-dry');
    expect(await erase('customer-dry', '--yes')).toMatchObject({ exitCode: 2 });
    expect(await erase('customer-dry')).toEqual({
      exitCode: 0,
      text: 'would be erased: 1 payments and 0 scans without one; nothing is changed without --yes',
    });
    expect(await kept(order.paymentId)).toHaveLength(7);
    expect(await stores.sql('select 1 from customer_erasure')).toEqual([]);
  });

  it('erases the data of one customer and of nobody else, and leaves the money', async () => {
    const [order, other] = [await told('customer-erased'), await told('customer-other')];
    const { scanId } = await aPendingScan(stores, { customerId: 'customer-erased', leaseMs: 0 });
    await stores.scans.reject(scanId, evidence({ answer: ANSWER, outcome: 'rejected' }), 'INVALID_CODE');
    const money = `select payment_id, status, result_status, pay_currency, pay_value, payment_time, customer_id,
      (select jsonb_agg(to_jsonb(d) order by sequence) from debit d where d.payment_id = o.payment_id) as debits,
      (select jsonb_agg(to_jsonb(h) order by history_id) from payment_history h where h.payment_id = o.payment_id) as lines
      from payment_order o order by payment_id`;
    const before = await stores.sql(money);

    expect(await erase('customer-erased', '--yes', '--reason', 'ticket 4711')).toEqual({
      exitCode: 0,
      text: 'erased: 1 payments and 1 scans without one',
    });
    expect(await kept(order.paymentId)).toEqual([]);
    expect(await stores.notes.ofPayment(order.paymentId)).toMatchObject([
      { by: { name: 'desk' }, gap: 'ERASED' },
    ]);
    expect(await stores.opened(DECODE_ANSWER, 'scan_id = $1', [scanId])).toEqual([Buffer.alloc(0)]);
    expect(await kept(other.paymentId)).toHaveLength(7);
    expect(await stores.sql(money)).toEqual(before);
    expect((await stores.orders.find(order.paymentId))?.content).toEqual({
      promotions: CONTENT.promotions,
      surcharged: true,
    });
    expect(
      await stores.sql('select customer_id, actor, reason from customer_erasure order by erasure_id'),
    ).toEqual([{ customer_id: 'customer-erased', actor: 'operator:night-shift', reason: 'ticket 4711' }]);
    await expect(stores.sql('delete from customer_erasure')).rejects.toThrow('append-only');
    expect(await erase('customer-erased', '--yes', '--reason', 'again')).toMatchObject({ exitCode: 0 });
  });

  it('skips payments that are still being worked on, and names them', async () => {
    const { paymentId } = await anOrder(stores).with({ content: CONTENT }).of('customer-open').paid();
    const { exitCode, text } = await erase('customer-open', '--yes', '--reason', 'ticket 4712', '--json');
    expect([exitCode, JSON.parse(text)]).toEqual([
      3,
      { erased: true, payments: 0, scans: 0, open: [paymentId] },
    ]);
    expect((await stores.orders.find(paymentId))?.content).toEqual(CONTENT);
  });
});
