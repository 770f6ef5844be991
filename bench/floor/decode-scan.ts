import { v7 as uuidv7 } from 'uuid';
import { readAnswer } from './read-answer.js';
import { Refusal } from './refusal.js';
import type { Writers } from './writers.js';
import { paymentOf } from './payment-json.js';

const WINDOW_MS = 60_000;
const LEASE_MS = 10_000;

/** Commits the scan, asks, commits what it means, and answers with the payment. */
export async function decodeScan(
  { begin, accept, sealing, alipayPlus }: Writers,
  input: Record<string, unknown>,
): Promise<string> {
  const codeValue = textOf(input['codeValue'], 512);
  const customerId = textOf(input['customerId'], 64);
  const scanId = uuidv7();
  const request = Buffer.from(JSON.stringify({ codeValue, customerId }));
  const begun = await begin.write(scanId, {
    scan_id: scanId,
    customer_id: customerId,
    code_hash: sealing.digest(codeValue).toString('base64'),
    request_body: sealing.seal(`scan.request_body:${scanId}`, request, false).toString('base64'),
    window_ms: WINDOW_MS,
    lease_ms: LEASE_MS,
  });
  if (begun?.leased !== true) throw new Refusal(409, 'IN_FLIGHT_OR_PAUSED');
  const answer = await alipayPlus.userInitiatedPay(request);
  const order = readAnswer(answer);
  const paymentId = uuidv7();
  const { content } = order;
  const accepted = await accept.write(paymentId, {
    scan_id: scanId,
    duration_ms: answer.durationMs,
    http_status: answer.httpStatus,
    request_time: answer.requestTime,
    answer: sealing
      .seal(`decode_exchange.answer:${scanId}|${answer.requestTime}`, answer.body)
      .toString('base64'),
    payment_id: paymentId,
    payment_request_id: order.paymentRequestId,
    scenario: order.scenario,
    acquirer_id: order.acquirerId,
    psp_id: order.pspId,
    reference_order_id: content.referenceOrderId,
    merchant_id: content.merchant?.referenceMerchantId,
    merchant_name: content.merchant?.merchantDisplayName,
    payment_currency: order.paymentAmount.currency,
    payment_value: order.paymentAmount.value,
    pay_to_currency: order.payToAmount.currency,
    pay_to_value: order.payToAmount.value,
    pay_currency: order.payToAmount.currency,
    pay_value: order.payToAmount.value,
    quote_id: order.quoteId,
    expires_at: order.expiresAt,
    notify_url: order.notifyUrl,
    content: {
      promotions: content.promotions,
      surcharged: content.surcharged,
      exchangeRate: content.exchangeRate,
    },
    sealed_content: sealing
      .seal(`payment_order.sealed_content:${paymentId}`, Buffer.from(JSON.stringify(content)))
      .toString('base64'),
    content_sha256: order.contentHash.toString('base64'),
  });
  if (!accepted) throw new Refusal(409, 'ORDER_EXISTS');
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
