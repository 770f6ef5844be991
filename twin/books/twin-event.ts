import { isObject, type JsonObject } from '../wire/json.js';
import type { ResultStatus } from '../wire/result.js';

/** One call of the twin to the MPP, with its answer. */
export interface MppExchange {
  readonly api: 'inquiryPayment' | 'cancelPayment' | 'refund' | 'inquiryRefund';
  /** Of a refund and its inquiries. */
  readonly refundRequestId?: string;
  /** Of a refund: the requested amount. */
  readonly refundAmount?: unknown;
  readonly at: string;
  readonly requestTime: string;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly isSignatureValid: boolean;
  /** Only from an answer whose signature is valid. */
  readonly resultStatus: ResultStatus | null;
  readonly resultCode: string | null;
  readonly answer: JsonObject | null;
  /** Why there is no valid answer. */
  readonly fault: string | null;
}

/** The fields of a refund in the request, without the ids of the order. */
export interface RefundFields extends JsonObject {
  readonly refundRequestId: string;
}

export interface Notification {
  readonly at: string;
  readonly requestTime: string;
  /** The body as received. It was valid UTF-8, so this text is exactly the bytes. */
  readonly body: string;
  readonly bodySha256: string;
  readonly resultStatus: string | null;
  readonly resultCode: string | null;
  readonly paymentId: string | null;
  /** The intended answer: S, F.PARAM_ILLEGAL, drop, 500 ... */
  readonly answered: string;
  /** False when it was refused because of its content. */
  readonly isAccepted: boolean;
}

export interface Defect {
  readonly at: string;
  readonly kind: DefectKind;
  readonly paymentRequestId: string | null;
  readonly detail: string;
}

export type DefectKind =
  | 'NOTIFICATION_ILLEGAL'
  | 'NOTIFICATION_INCONSISTENT'
  | 'NOTIFICATION_FOR_UNKNOWN_ORDER'
  | 'INQUIRY_DISAGREES'
  | 'CANCEL_REFUSED'
  | 'REFUND_DISAGREES'
  | 'REFUND_CONTRADICTION_TAKEN'
  | 'REFUNDS_EXCEED_PAYMENT'
  | 'REDIRECT_FOLLOWED';

/** All changes of the books. The books are these events applied in turn, live or read back from the journal. */
export type TwinEvent =
  | {
      readonly kind: 'call';
      readonly codeValue: string;
      readonly customerId: string;
      readonly call: number;
      readonly status: ResultStatus;
      readonly code: string;
    }
  | {
      readonly kind: 'order';
      readonly codeValue: string;
      readonly paymentRequestId: string;
      readonly createdAtMs: number;
      readonly paymentNotifyUrl: string;
    }
  | { readonly kind: 'notification'; readonly paymentRequestId: string; readonly notification: Notification }
  | {
      readonly kind: 'acknowledged';
      readonly paymentRequestId: string;
      readonly resultStatus: string;
      readonly atMs: number;
    }
  /** Written before the first cancel is sent, so that a twin killed meanwhile sends it again. */
  | { readonly kind: 'cancelling'; readonly paymentRequestId: string }
  /** Likewise before the first request of a refund. */
  | { readonly kind: 'refunding'; readonly paymentRequestId: string; readonly refund: RefundFields }
  | { readonly kind: 'exchange'; readonly paymentRequestId: string; readonly exchange: MppExchange }
  | { readonly kind: 'defect'; readonly defect: Defect };

const KINDS: ReadonlySet<unknown> = new Set<TwinEvent['kind']>([
  'call',
  'order',
  'notification',
  'acknowledged',
  'cancelling',
  'refunding',
  'exchange',
  'defect',
]);

/** Only this program writes the journal, so its complete lines are trusted beyond their kind. */
export function isTwinEvent(value: unknown): value is TwinEvent {
  return isObject(value) && KINDS.has(value['kind']);
}
