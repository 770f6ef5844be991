import { OWN_FAULT_CODES, ownFaultOf, type OwnFault } from '../alipay-plus/codes/result-codes.js';
import type { NotificationStatus } from '../payment-order/order/payment-status.js';

/** What a refusal means for the notification, and why. */
export interface RefusalAdvice {
  readonly next: 'stop' | 'retry';
  /** Where the fault is: in the message (its bytes are frozen), our set-up, the state of the order, or their side. */
  readonly about: 'message' | 'setup' | 'order' | 'partner';
  readonly why: string;
}

/** Which codes say that the fault is ours, and of which kind, is for the table of result codes to say. */
const BY_OWN_FAULT: Readonly<Record<OwnFault, RefusalAdvice>> = {
  'set-up': {
    next: 'retry',
    about: 'setup',
    why: 'They do not accept our id, key, signature or path. The same bytes pass once somebody has fixed the set-up.',
  },
  message: {
    next: 'stop',
    about: 'message',
    why: 'They cannot read the message, and its bytes will not change.',
  },
};

/**
 * Answers F to a notification. Only what another attempt cannot change stops it, because the message itself is at fault
 * and its bytes are frozen, or because the order is over at Alipay+. Every code that is not listed is tried again: a
 * lost result costs more than an extra call.
 */
const BY_CODE = {
  REPEAT_REQ_INCONSISTENT: {
    next: 'stop',
    about: 'message',
    why: 'They hold another result for this order. Changing ours would be the worse fault: a person compares the two.',
  },
  ORDER_NOT_EXIST: {
    next: 'stop',
    about: 'order',
    why: 'They never issued this order, or lost it. It cannot take a result.',
  },
  ORDER_IS_CLOSED: {
    next: 'stop',
    about: 'order',
    why: 'They closed the order before they knew the result. A paid one is followed by their cancelPayment and a refund.',
  },
  PROCESS_FAIL: {
    next: 'retry',
    about: 'partner',
    why: 'Something failed on their side; this says nothing about the result.',
  },
  UNKNOWN_EXCEPTION: {
    next: 'retry',
    about: 'partner',
    why: 'They do not know what happened, whatever status they put beside it.',
  },
  REQUEST_TRAFFIC_EXCEED_LIMIT: {
    next: 'retry',
    about: 'partner',
    why: 'They want fewer calls for a while.',
  },
} as const satisfies Readonly<Record<string, RefusalAdvice>>;

const UNLISTED: RefusalAdvice = {
  next: 'retry',
  about: 'partner',
  why: 'It is not decided yet what this code means for a notification.',
};

/**
 * Every code with a decision. The tests compare the runbook with it.
 *
 * @internal
 */
export const LISTED_REFUSALS: readonly string[] = [...Object.keys(BY_CODE), ...OWN_FAULT_CODES];

export function isListedRefusal(resultCode: string | undefined): resultCode is string {
  return listedAdvice(resultCode) !== undefined;
}

export function refusalAdvice(resultCode: string | undefined): RefusalAdvice {
  return listedAdvice(resultCode) ?? UNLISTED;
}

function listedAdvice(resultCode: string | undefined): RefusalAdvice | undefined {
  const ours = ownFaultOf(resultCode);
  if (ours) return BY_OWN_FAULT[ours];
  const rows: Readonly<Record<string, RefusalAdvice>> = BY_CODE;
  return resultCode !== undefined && Object.hasOwn(rows, resultCode) ? rows[resultCode] : undefined;
}

/** Whether an answer says that the host is unwell, or not who it should be; a verified answer never does. */
export function isHostFailure(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('outcome' in answer)) return false;
  const resultCode = 'resultCode' in answer && typeof answer.resultCode === 'string' ? answer.resultCode : '';
  // Until the set-up is fixed every other call would be refused the same way.
  if (answer.outcome !== 'accepted' && refusalAdvice(resultCode).about === 'setup') return true;
  const reason = 'reason' in answer ? answer.reason : undefined;
  return answer.outcome === 'unknown' && reason !== 'result_unknown' && reason !== 'address_not_public';
}

/** What an answer means for its notification: only a verified S in the body is an acknowledgement. */
export function statusAfter(
  outcome: 'accepted' | 'rejected' | 'unknown',
  resultCode: string | undefined,
): NotificationStatus {
  if (outcome === 'accepted') return 'DELIVERED';
  return outcome === 'rejected' && refusalAdvice(resultCode).next === 'stop' ? 'REJECTED' : 'PENDING';
}
