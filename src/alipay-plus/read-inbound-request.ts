import { CancelPaymentRequest } from './wire/cancel-payment-request.js';
import { InquiryPaymentRequest } from './wire/inquiry-payment-request.js';
import { readJsonBody } from './wire/json-body.js';
import type { WireClass } from './wire/wire-field.js';
import { wireReaderOf, type WireFault } from './wire/wire-reader.js';

export type InboundReading<Request> =
  | { readonly readable: true; readonly request: Request }
  | { readonly readable: false; readonly faults: readonly WireFault[] };

export function readInquiryPayment(body: Buffer): InboundReading<InquiryPaymentRequest> {
  return readRequest(InquiryPaymentRequest, body);
}

export function readCancelPayment(body: Buffer): InboundReading<CancelPaymentRequest> {
  return readRequest(CancelPaymentRequest, body);
}

/**
 * Only `paymentRequestId` has to be right: it alone names the order. A fault in the two other ids is ignored, because a
 * cancel that is refused for a display id would leave the payer without their money.
 */
function readRequest<T extends { readonly paymentRequestId: string }>(
  type: WireClass<T>,
  body: Buffer,
): InboundReading<T> {
  const parsed = readJsonBody(body);
  if (!parsed.readable) return { readable: false, faults: [{ field: 'body', rule: parsed.reason }] };
  const faults: WireFault[] = [];
  const request = wireReaderOf(type)(parsed.json, faults);
  const decisive = faults.filter(({ field }) => field === 'paymentRequestId');
  return decisive.length === 0 ? { readable: true, request } : { readable: false, faults: decisive };
}
