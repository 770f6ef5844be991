import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { AlipayPlus } from './alipay-plus.js';
import { readAnswer } from './read-answer.js';
import { Refusal } from './refusal.js';
import { ACCEPT, BEGIN } from './statements.js';
import { paymentOf } from './payment-json.js';

const WINDOW_MS = 60_000;
const LEASE_MS = 10_000;

/** Commits the scan, asks, commits what it means, and answers with the payment. */
export async function decodeScan(
  pool: Pool,
  alipayPlus: AlipayPlus,
  input: Record<string, unknown>,
): Promise<string> {
  const codeValue = textOf(input['codeValue'], 512);
  const customerId = textOf(input['customerId'], 64);
  const scanId = uuidv7();
  const request = Buffer.from(JSON.stringify({ codeValue, customerId }));
  const codeHash = createHash('sha256').update(codeValue).digest();
  const begun = await pool.query<{ begun: boolean; leased: boolean }>({
    ...BEGIN,
    values: [scanId, customerId, codeHash, request, WINDOW_MS, LEASE_MS],
  });
  if (begun.rows[0]?.begun !== true || !begun.rows[0].leased) throw new Refusal(409, 'IN_FLIGHT_OR_PAUSED');
  const answer = await alipayPlus.userInitiatedPay(request);
  const order = readAnswer(answer);
  const paymentId = uuidv7();
  const { rows } = await pool.query({
    ...ACCEPT,
    values: [
      scanId,
      answer.durationMs,
      answer.httpStatus,
      answer.requestTime,
      answer.body,
      paymentId,
      order.paymentRequestId,
      order.scenario,
      order.acquirerId,
      order.pspId,
      order.content.referenceOrderId,
      order.content.merchant?.referenceMerchantId,
      order.content.merchant?.merchantDisplayName,
      order.paymentAmount.currency,
      order.paymentAmount.value,
      order.payToAmount.currency,
      order.payToAmount.value,
      order.quoteId,
      order.expiresAt,
      order.notifyUrl,
      JSON.stringify(order.content),
      order.contentHash,
    ],
  });
  if (rows.length !== 1) throw new Refusal(409, 'ORDER_EXISTS');
  const payment = paymentOf({ ...order, paymentId, status: 'AWAITING_CONFIRMATION' });
  return `{"scanId":"${scanId}","status":"DECODED","payment":${payment}}`;
}

/** Characters are code points; a text with half a surrogate pair or a NUL cannot be stored. */
function textOf(value: unknown, longest: number): string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed() || value.includes('\0')) {
    throw new Refusal(400, 'INVALID_REQUEST');
  }
  // Only a text with more units than that can have more characters.
  if (value.length > longest && [...value].length > longest) throw new Refusal(400, 'INVALID_REQUEST');
  return value;
}
