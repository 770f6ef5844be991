import { readCallBody } from '../wire/json-body.js';
import {
  InquiryRefundRequest,
  InquiryRefundResponse,
  RefundRequest,
  RefundResponse,
} from '../wire/refund.js';
import { isJsonObject, wireReaderOf, type JsonObject, type WireFault } from '../wire/wire-reader.js';
import { answerBytes, readRequest, type InboundReading, type ResultToWrite } from './inbound-messages.js';
import { wireAmount, type MoneyToWrite } from './write-message.js';
import type { Id } from '../../platform/id.js';

/** A refund as it was read, and the text that a repetition is compared with. */
export interface ReadRefund {
  readonly request: RefundRequest;
  /** Canonical JSON of what Alipay+ may not change under one refundRequestId. */
  readonly content: string;
}

/** What may not differ between two requests with one id (docs/protocol.md, refund). */
const COMPARED = ['refundAmount', 'refundFromAmount', 'refundPromoInfo', 'surchargeInfo'] as const;

/** Without these nothing can be given back. A fault anywhere else is ignored: it would keep money from the payer. */
const DECISIVE =
  /^(paymentRequestId|refundRequestId|refundAmount|refundFromAmount|surchargeInfo\.surchargeAmount)\b/;

export type RefundReading =
  | ({ readonly readable: true } & ReadRefund)
  | { readonly readable: false; readonly faults: readonly WireFault[] };

export function readRefund(body: Buffer): RefundReading {
  const parsed = readCallBody(body);
  if (!parsed.readable) return { readable: false, faults: [{ field: 'body', rule: parsed.reason }] };
  const faults: WireFault[] = [];
  const request = wireReaderOf(RefundRequest)(parsed.json, faults);
  const decisive = faults.filter(({ field }) => DECISIVE.test(field));
  if (decisive.length > 0) return { readable: false, faults: decisive };
  return { readable: true, request, content: contentOf(parsed.json) };
}

export function readInquiryRefund(body: Buffer): InboundReading<InquiryRefundRequest> {
  return readRequest(InquiryRefundRequest, body, 'refundRequestId');
}

export interface RefundToWrite {
  readonly result: ResultToWrite;
  readonly refundId?: Id<'RefundKey'> | undefined;
  readonly refundTime?: string | undefined;
}

/** @throws UnwritableMessage naming every field */
export function writeRefundAnswer(answer: RefundToWrite): Buffer {
  return answerBytes('refund', RefundResponse, answer);
}

/** The state of a refund, for the answer to inquiryRefund; amounts and times only for one that was made. */
export interface RefundStanding extends RefundToWrite {
  readonly refundResult?: ResultToWrite | undefined;
  readonly refundAmount?: MoneyToWrite | undefined;
  readonly refundFromAmount?: MoneyToWrite | undefined;
}

/** @throws UnwritableMessage naming every field */
export function writeInquiryRefundAnswer(standing: RefundStanding): Buffer {
  const { refundAmount, refundFromAmount } = standing;
  const amounts = { refundAmount: wireAmount(refundAmount), refundFromAmount: wireAmount(refundFromAmount) };
  return answerBytes('inquiryRefund', InquiryRefundResponse, { ...standing, ...amounts });
}

/**
 * As it came, whatever fields a later version adds to it: keys in one order, and nothing for what counts as absent.
 * PostgreSQL stores any text of it, because JSON escapes what it could not.
 */
function contentOf(json: JsonObject): string {
  const compared = COMPARED.map((name) => [name, json[name]] as const);
  return JSON.stringify(canonical(Object.fromEntries(compared)));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value === '' ? null : value;
  const entries = Object.entries(value).map(([name, inner]) => [name, canonical(inner)] as const);
  const present = entries.filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(present.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
