import { paymentResultFaults } from '../codes/payment-result-codes.js';
import { CancelPaymentRequest } from '../wire/cancel-payment.js';
import { InquiryPaymentRequest, InquiryPaymentResponse } from '../wire/inquiry-payment.js';
import { readCallBody } from '../wire/json-body.js';
import { ResultOnlyResponse } from '../wire/result.js';
import type { WireClass } from '../wire/wire-field.js';
import { wireReaderOf, type WireFault } from '../wire/wire-reader.js';
import { UnwritableMessage, wireAmount, writeWire, type MoneyToWrite } from './write-message.js';
import type { Id } from '../../platform/id.js';

export type InboundReading<Request> =
  | { readonly readable: true; readonly request: Request }
  | { readonly readable: false; readonly faults: readonly WireFault[] };

export function readInquiryPayment(body: Buffer): InboundReading<InquiryPaymentRequest> {
  return readRequest(InquiryPaymentRequest, body, 'paymentRequestId');
}

export function readCancelPayment(body: Buffer): InboundReading<CancelPaymentRequest> {
  return readRequest(CancelPaymentRequest, body, 'paymentRequestId');
}

/**
 * Only the id that names the order or the refund has to be right. A fault in the two other ids is ignored, because a
 * cancel that is refused for a display id would leave the payer without their money.
 */
export function readRequest<T extends object>(
  type: WireClass<T>,
  body: Buffer,
  id: keyof T & string,
): InboundReading<T> {
  const parsed = readCallBody(body);
  if (!parsed.readable) return { readable: false, faults: [{ field: 'body', rule: parsed.reason }] };
  const faults: WireFault[] = [];
  const request = wireReaderOf(type)(parsed.json, faults);
  const decisive = faults.filter(({ field }) => field === id);
  return decisive.length === 0 ? { readable: true, request } : { readable: false, faults: decisive };
}

export interface ResultToWrite {
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultCode: string;
  readonly resultMessage?: string | undefined;
}

/** The state of a payment, for the answer to inquiryPayment; amounts and times only for a paid one. */
export interface PaymentStanding {
  readonly result: ResultToWrite;
  readonly paymentResult?: ResultToWrite | undefined;
  readonly paymentId?: Id<'PaymentId'> | undefined;
  readonly paymentTime?: string | undefined;
  readonly paymentAmount?: MoneyToWrite | undefined;
  readonly payToAmount?: MoneyToWrite | undefined;
  readonly customerId?: Id<'CustomerId'> | undefined;
}

/** @throws UnwritableMessage naming every field */
export function writeInquiryPaymentAnswer(standing: PaymentStanding): Buffer {
  const { paymentResult, paymentAmount, payToAmount } = standing;
  const codeFaults = paymentResult ? paymentResultFaults(paymentResult, 'inquiryPayment') : [];
  if (codeFaults.length > 0) throw new UnwritableMessage('inquiryPayment', codeFaults);
  const differs = payToAmount?.currency !== paymentAmount?.currency;
  return answerBytes('inquiryPayment', InquiryPaymentResponse, {
    ...standing,
    paymentAmount: wireAmount(paymentAmount),
    payToAmount: differs ? wireAmount(payToAmount) : undefined,
  });
}

/**
 * An answer that carries nothing but `result`: to cancelPayment, and to any call that is refused.
 *
 * @throws UnwritableMessage naming every field
 */
export function writeResultOnly(result: ResultToWrite): Buffer {
  return answerBytes('result', ResultOnlyResponse, { result });
}

/** @throws UnwritableMessage naming every field */
export function answerBytes<T extends object>(api: string, type: WireClass<T>, fields: object): Buffer {
  const written = writeWire(type, fields);
  if (!written.ok) throw new UnwritableMessage(api, written.faults);
  return written.body;
}
