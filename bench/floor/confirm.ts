import { hash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { paymentOf, type ShownPayment } from './payment-json.js';
import type { Content } from './read-answer.js';
import { Refusal } from './refusal.js';
import { CONFIRM, DEBIT } from './statements.js';
import type { Writers } from './writers.js';

const LEASE_MS = 15_000;
const RESULT = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };

interface ConfirmedRow {
  readonly payment_request_id: string;
  readonly customer_id: string;
  readonly scenario: string;
  readonly payment_currency: string;
  readonly payment_value: string;
  readonly pay_to_currency: string;
  readonly pay_to_value: string;
  readonly pay_currency: string;
  readonly pay_value: string;
  readonly quote_id: string | null;
  readonly expires_at: Date;
  readonly not_after: Date;
  readonly notify_url: string;
  readonly debit_id: string;
  readonly sealed_content: Buffer;
  readonly now: Date;
}

/** Three commits: the intent, the wallet's money, and the end with the notification that will tell it. */
export async function confirm(
  { pool, settle, sealing }: Writers,
  paymentId: string,
  input: Record<string, unknown>,
): Promise<string> {
  const { currency, value } = Object(input['payAmount']) as { currency?: unknown; value?: unknown };
  if (typeof currency !== 'string' || typeof value !== 'string' || !/^[1-9]\d{0,39}$/.test(value)) {
    throw new Refusal(400, 'INVALID_REQUEST');
  }
  const confirmed = await pool.query<ConfirmedRow>({
    ...CONFIRM,
    values: [paymentId, currency, value, input['quoteId'] ?? null, LEASE_MS],
  });
  const order = confirmed.rows[0];
  if (!order) throw new Refusal(409, 'NOT_CONFIRMABLE');
  const debitId = order.debit_id;
  const opened = sealing.open(`payment_order.sealed_content:${paymentId}`, order.sealed_content);
  const content = JSON.parse(opened.toString()) as Content; // as it was sealed with the scan
  const debited = await pool.query<{ kind: string; movement_id: string }>({
    ...DEBIT,
    values: [
      uuidv7(),
      debitId,
      order.customer_id,
      order.pay_currency,
      order.pay_value,
      order.not_after,
      content.orderDescription,
      order.payment_request_id,
    ],
  });
  const movement = debited.rows[0];
  if (movement?.kind !== 'DEBIT') throw new Refusal(422, 'REFUSED');
  const paymentTime = order.now.toISOString().replace(/\.\d{3}Z$/, '+00:00');
  const shown: ShownPayment = {
    paymentId,
    paymentRequestId: order.payment_request_id,
    status: 'PAID',
    scenario: order.scenario,
    paymentAmount: { currency: order.payment_currency, value: order.payment_value },
    payToAmount: { currency: order.pay_to_currency, value: order.pay_to_value },
    quoteId: order.quote_id,
    expiresAt: order.expires_at,
    content,
    paymentTime,
  };
  const notification = notificationOf(shown, order.customer_id);
  const settled = await settle.write(debitId, {
    debit_id: debitId,
    ledger_reference: movement.movement_id,
    payment_time: paymentTime,
    url: order.notify_url,
    body: sealing.seal(`notification.body:${paymentId}`, notification).toString('base64'),
    body_sha256: hash('sha256', notification, 'base64'),
  });
  if (!settled) throw new Refusal(409, 'CANCELLED');
  return paymentOf(shown);
}

function notificationOf(payment: ShownPayment, customerId: string): Buffer {
  const { paymentRequestId, paymentId, paymentTime, paymentAmount, payToAmount } = payment;
  return Buffer.from(
    JSON.stringify({
      paymentResult: RESULT,
      paymentRequestId,
      paymentId,
      paymentTime,
      paymentAmount,
      payToAmount: payToAmount.currency === paymentAmount.currency ? undefined : payToAmount,
      customerId,
    }),
  );
}
