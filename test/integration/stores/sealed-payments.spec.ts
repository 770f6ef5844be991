import { randomUUID } from 'node:crypto';
import { EVENT_BODY } from '../../../src/payment-order/event/event.store.js';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { Requirements } from '../../../src/payment-order/order/requirements.js';
import { hashRefunds } from '../../../src/payment-order/refund/refund.store.js';
import type { RefundRequest } from '../../../src/payment-order/refund/refund.js';
import { SEALED_COLUMNS } from '../../../src/payment-order/sealed-columns.js';
import { resealBatch } from '../../../src/platform/database/resealing.js';
import { anOrder } from '../../support/builders/an-order.js';
import { aPendingScan } from '../../support/builders/a-scan.js';
import { claimNotifications } from '../../support/builders/claim-notifications.js';
import { aKey, OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const OTP = '482913';
const REQUIREMENTS: Requirements = { flags: ['needOtpVerification'], proofs: ['otp'] };
const CONTENT = {
  referenceOrderId: 'order-1',
  orderDescription: 'two cups for Ada',
  promotions: [{ promoName: 'spring' }],
  surcharged: false,
  requirements: { ...REQUIREMENTS, authorizationInfo: { authState: 'state-of-Ada' } },
};

let keyed: OpenedStores;
/** From before there were keys. */
let plain: OpenedStores;
/** A process that lacks the key. */
let keyless: OpenedStores;
beforeAll(async () => {
  plain = await OpenedStores.open(8);
  keyed = plain.holding(aKey(1), aKey(2, 'digest'));
  keyless = plain.holding(aKey(9), aKey(2, 'digest'));
  await keyed.events.setEndpoints([{ name: 'core' }]);
});
afterAll(() => keyed.close());

const confirmed = async (stores: OpenedStores, order: PaymentOrder) => {
  const payAmount = order.payAmount ?? { currency: 'HKD', value: 0n };
  const proofs = { otp: OTP };
  const yes = { paymentId: order.paymentId, payAmount, proofs, actor: 'wallet-app', leaseMs: 0 };
  const done = await stores.debits.confirm(yes);
  if (!done) throw new Error('not confirmed');
  return done;
};

async function paid(stores: OpenedStores): Promise<PaymentOrder> {
  const order = await confirmed(stores, await anOrder(stores).with({ content: CONTENT }).decoded());
  const end = await stores.debits.debited(order, 'ledger-1', '2026-03-01T12:00:00+00:00');
  if (!end) throw new Error('not paid');
  return end;
}

const TABLES = ['payment_order', 'debit', 'notification', 'refund', 'wallet_event', 'payment_history'];

/** The secrets that are in the database, as text or as bytes. */
async function found(...secrets: string[]): Promise<string[]> {
  const rows = await Promise.all(
    TABLES.map((table) => keyed.sql<{ row: string }>(`select r::text as row from ${table} r`)),
  );
  const dump = rows
    .flat()
    .map(({ row }) => row)
    .join();
  return secrets.filter((each) => dump.includes(each) || dump.includes(Buffer.from(each).toString('hex')));
}

async function rotate(stores: OpenedStores): Promise<{ resealed: number; unopened: number }> {
  const sum = { resealed: 0, unopened: 0 };
  for (const column of SEALED_COLUMNS) {
    const { resealed, unopened } = await resealBatch(stores.database, column, undefined, 1_000);
    sum.resealed += resealed;
    sum.unopened += unopened;
  }
  await hashRefunds(stores.database, undefined, 1_000);
  return sum;
}

const aRefund = ({ paymentRequestId, paymentId }: PaymentOrder): RefundRequest => ({
  refundRequestId: randomUUID(),
  paymentRequestId,
  paymentId,
  refundAmount: { currency: 'JPY', value: 100n },
  refundFromAmount: { currency: 'HKD', value: 856n },
  content: 'asked for by Ada',
});

const bodyOf = async (stores: OpenedStores, { paymentId }: PaymentOrder): Promise<Buffer | undefined> => {
  const { claimed } = await claimNotifications(stores, { leaseMs: 0 });
  return claimed.find((each) => each.paymentId === paymentId)?.body;
};

async function frozenEvent(stores: OpenedStores, { paymentId }: PaymentOrder): Promise<string> {
  const [row] = await stores.sql<{ id: string }>(
    `select event_id as id from wallet_event where payment_id = $1 order by sequence limit 1`,
    [paymentId],
  );
  const eventId = row?.id ?? '';
  expect(await stores.events.freeze(eventId, Buffer.from('to Ada'))).toEqual(Buffer.from('to Ada'));
  return eventId;
}

describe('a payment that is stored sealed', () => {
  it("has only the payer's id in the database, and is read whole", async () => {
    const waiting = await confirmed(keyed, await anOrder(keyed).with({ content: CONTENT }).decoded());
    const order = await paid(keyed);
    await keyed.refunds.request(aRefund(order));
    const eventId = await frozenEvent(keyed, order);
    expect(await found('Ada', OTP, 'paymentResult', 'spring')).toEqual(['spring']);
    expect(await keyed.orders.find(order.paymentId)).toMatchObject({ content: CONTENT, status: 'PAID' });
    expect((await keyed.debits.claim(waiting.debit.debitId, 0, 60_000))?.debit.proofs).toEqual({ otp: OTP });
    expect(String(await bodyOf(keyed, order))).toContain('"resultStatus":"S"');
    expect((await keyed.events.read(eventId))?.body).toEqual(Buffer.from('to Ada'));
  });

  it('from before there were keys is read unchanged, and sealed by a rotation', async () => {
    const order = await paid(plain);
    const refund = aRefund(order);
    await plain.refunds.request(refund);
    const eventId = await frozenEvent(plain, order);
    expect(await found('two cups for Ada', 'to Ada', 'paymentResult')).toHaveLength(3);
    for (const when of ['before', 'after']) {
      if (when === 'after') expect(await rotate(keyed)).toMatchObject({ unopened: 0 });
      expect(await keyed.orders.find(order.paymentId)).toMatchObject({ content: CONTENT });
      expect(String(await bodyOf(keyed, order))).toContain('"resultStatus":"S"');
      expect((await keyed.events.read(eventId))?.body).toEqual(Buffer.from('to Ada'));
      const kept = await keyed.refunds.find(refund.refundRequestId);
      expect(kept && keyed.refunds.isRepetition(kept, refund)).toBe(true);
      expect(kept && keyed.refunds.isRepetition(kept, { ...refund, content: 'another' })).toBe(false);
    }
    expect(
      await found('two cups for Ada', 'to Ada', 'paymentResult', 'state-of-Ada', 'asked for by'),
    ).toEqual([]);
    const [kept] = await keyed.opened(EVENT_BODY, 'event_id = $1', [eventId]);
    expect(kept).toEqual(Buffer.from('to Ada'));
  });

  it('goes on without its key: it is paid, cancelled and refunded, and only the texts are missing', async () => {
    const { paymentId } = await anOrder(keyed).with({ content: CONTENT }).decoded();
    const order = await keyless.orders.find(paymentId);
    if (!order) throw new Error('the order is gone');
    expect(order.content).toEqual({
      promotions: CONTENT.promotions,
      surcharged: false,
      requirements: REQUIREMENTS,
      isUnreadable: true,
    });
    const { debit } = await confirmed(keyed, order);
    const claimed = await keyless.debits.claim(debit.debitId, 0, 60_000);
    expect(claimed?.debit).toMatchObject({ status: 'INTENDED', areProofsUnreadable: true });
    const end = claimed && (await keyless.debits.debited(claimed, 'ledger-1', '2026-03-01T12:00:00+00:00'));
    expect(end?.status).toBe('PAID');
    expect(await keyless.refunds.request(aRefund(order))).toMatchObject({ outcome: 'kept' });
    expect(await keyless.cancels.cancel(order)).toMatchObject({ order: { status: 'PAID' } });

    const told = await paid(keyed);
    expect(await bodyOf(keyless, told)).toBeUndefined();
    expect(String(await bodyOf(keyed, told))).toContain('"resultStatus":"S"');
    // Changed bytes are not a missing key: they are passed on, and their hash parks the notification.
    await plain.sql(`alter table notification disable trigger notification_frozen_tr`);
    await plain.sql(`update notification set body = body || '\\x20'::bytea where payment_id = $1`, [
      told.paymentId,
    ]);
    expect(await bodyOf(keyed, told)).toBeDefined();
    await expect(keyless.events.read(await frozenEvent(keyed, told))).rejects.toThrow('cannot be opened');
  });

  it('gives a scan up without its key', async () => {
    const { scanId } = await aPendingScan(keyed, { leaseMs: 0, windowMs: 0 });
    expect(await keyless.scans.claim(scanId, { leaseMs: 0, earlyMs: 0 })).toMatchObject({ isOverdue: true });
    expect(await keyless.scans.giveUp(scanId)).toMatchObject({ status: 'GIVEN_UP' });
    expect(await keyed.sql('select request_body from scan where scan_id = $1', [scanId])).toEqual([
      { request_body: null },
    ]);
  });
});
