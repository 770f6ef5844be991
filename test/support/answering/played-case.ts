import { ask } from '../database/ask.js';
import type { ApiAnswer, Json } from '../service/api-client.js';
import type { AnswerCase } from './answer-case.js';
import { BOUNDLESS, type AnsweredService } from './answered-service.js';

interface OrderFacts {
  readonly amountFlag: string | null;
  /** The debits of the ledger. */
  readonly debited: readonly { readonly currency: string; readonly value: string }[];
}

/** The outcome of an answer, as an app, the database and Alipay+ saw it. */
export interface PlayedCase {
  /** The app's answer once the scan was decided. */
  readonly scanned: ApiAnswer;
  /** The problem code of the scan itself, when its order was over already. */
  readonly tooLate?: string;
  readonly order?: OrderFacts;
  /** The status of the payment after its confirm, or the code of the problem. */
  readonly confirmed?: string;
  /** The notification as it was frozen. */
  readonly told?: { readonly url: string; readonly body: Json };
  /** The reason of each attempt without a result. */
  readonly reasons: readonly string[];
  readonly calls: number;
}

const ORDER = `
  select o.amount_flag as "amountFlag", coalesce(
    (select json_agg(json_build_object('currency', m.currency, 'value', m.amount::text))
     from debit d join ledger_movement m on m.key = d.debit_id::text and m.kind = 'DEBIT'
     where d.payment_id = o.payment_id), '[]') as debited
  from scan s join payment_order o using (payment_id) where s.scan_id = $1`;

const REASONS = `
  select reason from decode_exchange where scan_id = $1 and outcome = 'unknown' order by exchange_id`;

const TOLD = `select url, body from notification where payment_id = $1`;

/** A payer scans a code with this answer, and confirms whatever is shown. */
export async function playCase(test: AnsweredService, { name, body }: AnswerCase): Promise<PlayedCase> {
  const codeValue = `https://qr.alipayplus.com/281666${name}`;
  test.alipayPlus.answer(codeValue, { body });
  const answer = await test.app.scanUntilDecided(codeValue, BOUNDLESS);
  const isTooLate = answer.status === 409 && answer.body.paymentId !== undefined;
  const scanned = isTooLate ? await test.app.readScan(answer.body.scanId) : answer;
  const { scanId, payment } = scanned.body;
  const confirmed = payment === undefined ? undefined : await confirm(test, payment);
  const { url } = test.database;
  const [order] = await ask<OrderFacts>(url, ORDER, [scanId]);
  const reasons = await ask<{ reason: string }>(url, REASONS, [scanId]);
  const [told] = payment === undefined ? [] : await ask<Told>(url, TOLD, [payment.paymentId]);
  return {
    scanned,
    ...(isTooLate && { tooLate: answer.body.code }),
    reasons: reasons.map(({ reason }) => reason),
    calls: test.alipayPlus.callsFor(codeValue),
    ...(order && { order }),
    ...(confirmed !== undefined && { confirmed }),
    ...(told && { told: { url: told.url, body: JSON.parse(told.body.toString('utf8')) } }),
  };
}

interface Told {
  readonly url: string;
  readonly body: Buffer;
}

async function confirm(test: AnsweredService, payment: Json): Promise<string> {
  const payAmount = payment.payAmount ?? { currency: 'HKD', value: '1' };
  const answer = await test.app.confirm({ paymentId: payment.paymentId, payAmount });
  return answer.body.code ?? answer.body.status;
}
