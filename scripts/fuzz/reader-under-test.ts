import { judgeAnswer } from '../../src/alipay-plus/calls/judge-answer.js';
import { readUserInitiatedPay } from '../../src/alipay-plus/messages/user-initiated-pay.js';
import type { MessageSignature } from '../../src/alipay-plus/signature/message-signature.js';
import { readJsonBody } from '../../src/alipay-plus/wire/json-body.js';
import { Result } from '../../src/alipay-plus/wire/result.js';
import { isJsonObject, wireReaderOf } from '../../src/alipay-plus/wire/wire-reader.js';
import { decodedOrderOf } from '../../src/decode/decoded-order-of.js';
import { toAmount, type Money } from '../../src/payment-order/order/money.js';
import type { DecodedOrder } from '../../src/payment-order/order/payment-order.js';
import type { Made } from './answer-faults.js';
import type { FuzzGround } from './fuzz-ground.js';
import type { MadeAmount, MadeOrder } from './order-faults.js';
import type { SentAnswer } from './sent-answer.js';

const readResult = wireReaderOf(Result);

/** The result of our code for an answer, without network and database. */
export async function madeOf(
  sent: SentAnswer,
  signature: MessageSignature,
  ground: FuzzGround,
): Promise<Made> {
  const headers = new Headers(sent.headers);
  const verdict = signature.verify({
    method: 'POST',
    path: ground.path,
    time: headers.get('response-time') ?? undefined,
    signature: headers.get('signature') ?? undefined,
    body: sent.body,
  });
  const parsed = readJsonBody(sent.body);
  const result =
    parsed.readable && isJsonObject(parsed.json['result'])
      ? readResult(parsed.json['result'], [])
      : undefined;
  const { outcome } = judgeAnswer({ httpStatus: sent.httpStatus, verdict, result });
  // Read whatever the verdict: reading must not throw for an untrusted answer either.
  const order = orderOf(sent.body, ground);
  if (outcome === 'rejected') return { outcome };
  return outcome === 'accepted' && order ? { outcome: 'order', order } : { outcome: 'unknown' };
}

function orderOf(body: Buffer, { notifyUrl }: FuzzGround): MadeOrder | undefined {
  const read = readUserInitiatedPay(body);
  if (!read.readable) return undefined;
  const notifyUrls = { hosts: [new URL(notifyUrl).host], plainHttpAllowed: true };
  const rules = { notifyUrl, notifyUrls, supportedFlags: [], amountCheck: 'flag' } as const;
  const decoded = decodedOrderOf(read.response, read.notPayable, rules);
  return decoded && madeOrder(decoded);
}

function madeOrder(decoded: DecodedOrder): MadeOrder {
  return {
    paymentRequestId: decoded.paymentRequestId,
    held: decoded.heldReason !== undefined,
    payAmount: madeAmount(decoded.payAmount),
    payToAmount: madeAmount(decoded.payToAmount),
    paymentAmount: madeAmount(decoded.paymentAmount),
    notifyUrl: decoded.notifyUrl,
  };
}

function madeAmount(money: Money | undefined): MadeAmount | undefined {
  return money && toAmount(money);
}
