import { randomUUID } from 'node:crypto';
import { answerFaults, outcomeFaults, type Made } from '../../../scripts/fuzz/answer-faults.js';
import type { FuzzGround } from '../../../scripts/fuzz/fuzz-ground.js';
import type { MadeOrder } from '../../../scripts/fuzz/order-faults.js';
import type { SentAnswer } from '../../../scripts/fuzz/sent-answer.js';
import { ask } from '../database/ask.js';
import type { ApiAnswer } from '../service/api-client.js';
import { BOUNDLESS, type AnsweredService } from './answered-service.js';

interface OrderRow extends Omit<MadeOrder, 'payAmount' | 'payToAmount' | 'paymentAmount'> {
  readonly pay: Amount;
  readonly payTo: Amount;
  readonly payment: Amount;
  /** Answers that name one paymentRequestId make one order, with the content of the first. */
  readonly merged: boolean;
}

/** Currency and value, both null where the order has none. */
type Amount = readonly [string | null, string | null];

const ORDER = `
  select o.payment_request_id as "paymentRequestId", o.held_reason is not null as held, o.notify_url as "notifyUrl",
    array[o.pay_currency, o.pay_value::text] as pay, array[o.pay_to_currency, o.pay_to_value::text] as "payTo",
    array[o.payment_currency, o.payment_value::text] as payment,
    (select count(*) > 1 from scan other where other.payment_id = o.payment_id) as merged
  from scan s join payment_order o using (payment_id) where s.scan_id = $1`;

/** An answer that was sent, and the faults of its outcome. */
export interface Played {
  readonly scanId: string | undefined;
  readonly made: Made;
  readonly faults: readonly string[];
}

/** Scans a code to which Alipay+ gives this answer, and reads the stored order. */
export async function playAnswer(
  test: AnsweredService,
  sent: SentAnswer,
  ground: FuzzGround,
): Promise<Played> {
  const codeValue = `https://qr.alipayplus.com/281666${randomUUID()}`;
  test.alipayPlus.answer(codeValue, sent);
  const answer = await test.app.scan(codeValue, BOUNDLESS);
  const scanId: string | undefined = answer.body?.scanId;
  const [row] = scanId === undefined ? [] : await ask<OrderRow>(test.database.url, ORDER, [scanId]);
  const made = madeOf(answer, row);
  if (!made)
    return { scanId, made: { outcome: 'unknown' }, faults: [`HTTP ${answer.status} ${answer.text}`] };
  const faults =
    row?.merged === true ? outcomeFaults(sent, ground, made.outcome) : answerFaults(sent, ground, made);
  return { scanId, made, faults };
}

/** Undefined for an answer no app should ever get. */
function madeOf({ status, body }: ApiAnswer, row: OrderRow | undefined): Made | undefined {
  if (status === 201 && row) return { outcome: 'order', order: orderOf(row) };
  if (row) return undefined;
  if (status === 202) return { outcome: 'unknown' };
  const isRefusal = (status === 422 || status === 409) && body?.code !== 'DECODE_GIVEN_UP';
  return isRefusal ? { outcome: 'rejected' } : undefined;
}

function orderOf({ paymentRequestId, held, notifyUrl, pay, payTo, payment }: OrderRow): MadeOrder {
  return {
    paymentRequestId,
    held,
    notifyUrl,
    payAmount: amount(pay),
    payToAmount: amount(payTo),
    paymentAmount: amount(payment),
  };
}

function amount([currency, value]: Amount): { currency: string; value: string } | undefined {
  return currency === null || value === null ? undefined : { currency, value };
}
