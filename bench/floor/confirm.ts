import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { paymentOf, type ShownPayment } from './payment-json.js';
import type { Content } from './read-answer.js';
import { Refusal } from './refusal.js';
import { CONFIRM, DEBIT, SETTLE } from './statements.js';

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
  readonly content: Content;
  readonly now: Date;
}

/** Three commits: the intent, the wallet's money, and the end with the notification that will tell it. */
export async function confirm(
  pool: Pool,
  paymentId: string,
  input: Record<string, unknown>,
): Promise<string> {
  const { currency, value } = Object(input['payAmount']) as { currency?: unknown; value?: unknown };
  if (typeof currency !== 'string' || typeof value !== 'string' || !/^[1-9]\d{0,39}$/.test(value)) {
    throw new Refusal(400, 'INVALID_REQUEST');
  }
  const debitId = uuidv7();
  const confirmed = await pool.query<ConfirmedRow>({
    ...CONFIRM,
    values: [paymentId, currency, value, input['quoteId'] ?? null, debitId, LEASE_MS],
  });
  const order = confirmed.rows[0];
  if (!order) throw new Refusal(409, 'NOT_CONFIRMABLE');
  const debited = await pool.query<{ kind: string; movement_id: string }>({
    ...DEBIT,
    values: [
      uuidv7(),
      debitId,
      order.customer_id,
      order.pay_currency,
      order.pay_value,
      order.not_after,
      order.content.orderDescription,
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
    content: order.content,
    paymentTime,
  };
  const notification = notificationOf(shown, order.customer_id);
  const settled = await pool.query({
    ...SETTLE,
    values: [
      debitId,
      movement.movement_id,
      paymentTime,
      order.notify_url,
      notification,
      createHash('sha256').update(notification).digest(),
    ],
  });
  if (settled.rows.length !== 1) throw new Refusal(409, 'CANCELLED');
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
