import type { NotificationStatus } from '../payment-order/payment-status.js';

/** What a refusal makes of the notification, and why. */
export interface RefusalAdvice {
  readonly next: 'stop' | 'retry';
  /** Whose matter it is: the message (its bytes are frozen), our set-up, the order's own fate, or their side. */
  readonly about: 'message' | 'setup' | 'order' | 'partner';
  readonly why: string;
}

const OUR_SETUP: RefusalAdvice = {
  next: 'retry',
  about: 'setup',
  why: 'They do not know us or our key. The same bytes pass once somebody has mended the set-up.',
};

/**
 * Answers F to a notification. Only what another try cannot change stops it, because the message itself is at fault and
 * its bytes are frozen, or because the order is over at Alipay+. Every code that is not listed is tried again: a lost
 * result costs more than a call too many.
 */
export const REFUSALS = {
  REPEAT_REQ_INCONSISTENT: {
    next: 'stop',
    about: 'message',
    why: 'They hold another result for this order. Changing ours would be the worse fault: a person compares the two.',
  },
  ORDER_NOT_EXIST: {
    next: 'stop',
    about: 'order',
    why: 'They never issued this order, or lost it. No result can be told to it.',
  },
  ORDER_IS_CLOSED: {
    next: 'stop',
    about: 'order',
    why: 'They closed the order before they knew the result. A paid one is followed by their cancelPayment and a refund.',
  },
  PARAM_ILLEGAL: {
    next: 'stop',
    about: 'message',
    why: 'They cannot read the message, and its bytes will not change.',
  },
  INVALID_SIGNATURE: OUR_SETUP,
  KEY_NOT_FOUND: OUR_SETUP,
  INVALID_CLIENT: OUR_SETUP,
  ACCESS_DENIED: OUR_SETUP,
  MEDIA_TYPE_NOT_ACCEPTABLE: OUR_SETUP,
  METHOD_NOT_SUPPORTED: OUR_SETUP,
  NO_INTERFACE_DEF: OUR_SETUP,
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
  why: 'Nobody has decided yet what this code means for a notification.',
};

export function isListedRefusal(resultCode: string | undefined): resultCode is keyof typeof REFUSALS {
  return resultCode !== undefined && Object.hasOwn(REFUSALS, resultCode);
}

export function refusalAdvice(resultCode: string | undefined): RefusalAdvice {
  return isListedRefusal(resultCode) ? REFUSALS[resultCode] : UNLISTED;
}

/** What an answer to a notification makes of it: only a verified S in the body is an acknowledgement. */
export function statusAfter(
  outcome: 'accepted' | 'rejected' | 'unknown',
  resultCode: string | undefined,
): NotificationStatus {
  if (outcome === 'accepted') return 'DELIVERED';
  return outcome === 'rejected' && refusalAdvice(resultCode).next === 'stop' ? 'REJECTED' : 'PENDING';
}
