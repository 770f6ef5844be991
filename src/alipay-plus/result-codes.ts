/** Whose matter a result is: the payer's, our own set-up, something to settle with Alipay+, or nobody knows yet. */
export type ResultClass = 'success' | 'payer' | 'ours' | 'partner' | 'throttle' | 'unknown';

/** Whether to ask again: `later` repeats the same request, `slower` does so with the whole fleet slowed down. */
export type Retry = 'never' | 'later' | 'slower';

/** What the wallet app does. Stable: apps switch on it. */
export type PayerAction =
  | 'CONFIRM_PAYMENT'
  | 'SHOW_CODE_EXPIRED'
  | 'SHOW_CODE_INVALID'
  | 'SHOW_CODE_IN_USE'
  | 'SHOW_ORDER_CLOSED'
  | 'SHOW_LIMIT_EXCEEDED'
  | 'SHOW_NOT_SUPPORTED'
  | 'CONTACT_SUPPORT'
  | 'TRY_AGAIN';

export interface ResultAdvice {
  /** The status the code comes with. */
  readonly status: 'S' | 'F' | 'U';
  readonly class: ResultClass;
  readonly retry: Retry;
  /** Who has to act for the next scan to go better. */
  readonly actor: 'payer' | 'us' | 'alipay+' | 'nobody';
  /** What the wallet app gets from `POST /v1/scans`. */
  readonly httpStatus: 201 | 202 | 409 | 422;
  readonly action: PayerAction;
  /** For an app that translates. */
  readonly messageKey: string;
  /** For an app that does not. */
  readonly payerText: string;
  readonly runbookAnchor: string;
}

const REFUSED = { status: 'F', retry: 'never', httpStatus: 422 } as const;

/** Nothing the payer did or can do: they are told so, and somebody else is woken. */
const OUR_SETUP = {
  ...REFUSED,
  class: 'ours',
  actor: 'us',
  action: 'CONTACT_SUPPORT',
  messageKey: 'scan.unavailable',
  payerText: 'Paying by this code does not work right now. Please contact customer service.',
  runbookAnchor: 'alipay-plus-own-setup',
} as const;

const CONTRACT = {
  ...REFUSED,
  class: 'partner',
  actor: 'alipay+',
  action: 'CONTACT_SUPPORT',
  messageKey: 'scan.unavailable',
  payerText: 'Paying by this code does not work right now. Please contact customer service.',
  runbookAnchor: 'alipay-plus-contract',
} as const;

const OVER_LIMIT = {
  ...REFUSED,
  class: 'payer',
  actor: 'payer',
  action: 'SHOW_LIMIT_EXCEEDED',
  runbookAnchor: 'payer-over-limit',
} as const;

/** Every code of userInitiatedPay, and the one its description names without listing it. */
export const RESULT_CODES = {
  SUCCESS: {
    status: 'S',
    class: 'success',
    retry: 'never',
    actor: 'payer',
    httpStatus: 201,
    action: 'CONFIRM_PAYMENT',
    messageKey: 'scan.decoded',
    payerText: 'Check the amount and confirm the payment.',
    runbookAnchor: 'decoded',
  },
  ACCESS_DENIED: CONTRACT,
  BUSINESS_NOT_SUPPORT: {
    ...CONTRACT,
    action: 'SHOW_NOT_SUPPORTED',
    messageKey: 'scan.not_supported',
    payerText: 'This kind of payment is not offered here.',
  },
  CURRENCY_NOT_SUPPORT: {
    ...CONTRACT,
    action: 'SHOW_NOT_SUPPORTED',
    messageKey: 'scan.currency_not_supported',
    payerText: 'The currency of this order is not offered here.',
  },
  EXPIRED_CODE: {
    ...REFUSED,
    class: 'payer',
    actor: 'payer',
    action: 'SHOW_CODE_EXPIRED',
    messageKey: 'scan.code_expired',
    payerText: 'This code has run out. Ask the merchant for a new one.',
    runbookAnchor: 'code-expired',
  },
  INVALID_CLIENT: OUR_SETUP,
  INVALID_CODE: {
    ...REFUSED,
    class: 'payer',
    actor: 'payer',
    action: 'SHOW_CODE_INVALID',
    messageKey: 'scan.code_invalid',
    payerText: 'This code cannot be paid. Scan the code the merchant shows for this order.',
    runbookAnchor: 'code-invalid',
  },
  INVALID_CONTRACT: CONTRACT,
  INVALID_SIGNATURE: OUR_SETUP,
  KEY_NOT_FOUND: OUR_SETUP,
  MEDIA_TYPE_NOT_ACCEPTABLE: OUR_SETUP,
  METHOD_NOT_SUPPORTED: OUR_SETUP,
  NO_INTERFACE_DEF: OUR_SETUP,
  ORDER_IS_CLOSED: {
    ...REFUSED,
    class: 'payer',
    actor: 'payer',
    action: 'SHOW_ORDER_CLOSED',
    messageKey: 'scan.order_closed',
    payerText: 'The merchant has closed this order. Ask them to start it again.',
    runbookAnchor: 'order-closed',
  },
  PARAM_ILLEGAL: OUR_SETUP,
  PROCESS_FAIL: { ...CONTRACT, runbookAnchor: 'alipay-plus-process-fail' },
  PAYMENT_AMOUNT_EXCEED_LIMIT: {
    ...OVER_LIMIT,
    messageKey: 'scan.limit_per_payment',
    payerText: 'This payment is above what may be paid at once.',
  },
  USER_AMOUNT_EXCEED_LIMIT: {
    ...OVER_LIMIT,
    messageKey: 'scan.limit_total',
    payerText: 'With this payment you would go over your limit.',
  },
  USER_DAILY_AMOUNT_EXCEED_LIMIT: {
    ...OVER_LIMIT,
    messageKey: 'scan.limit_daily',
    payerText: 'With this payment you would go over your limit for today.',
  },
  USER_MONTHLY_AMOUNT_EXCEED_LIMIT: {
    ...OVER_LIMIT,
    messageKey: 'scan.limit_monthly',
    payerText: 'With this payment you would go over your limit for this month.',
  },
  USER_YEARLY_AMOUNT_EXCEED_LIMIT: {
    ...OVER_LIMIT,
    messageKey: 'scan.limit_yearly',
    payerText: 'With this payment you would go over your limit for this year.',
  },
  // Named where codeValue is described, in neither result table; a code somebody else scanned first stays theirs.
  REPEAT_REQ_INCONSISTENT: {
    ...REFUSED,
    class: 'payer',
    actor: 'payer',
    httpStatus: 409,
    action: 'SHOW_CODE_IN_USE',
    messageKey: 'scan.code_in_use',
    payerText: 'This code is already being paid. Ask the merchant for a new one.',
    runbookAnchor: 'code-in-use',
  },
  REQUEST_TRAFFIC_EXCEED_LIMIT: {
    status: 'U',
    class: 'throttle',
    retry: 'slower',
    actor: 'us',
    httpStatus: 202,
    action: 'TRY_AGAIN',
    messageKey: 'scan.pending',
    payerText: 'This takes a little longer than usual.',
    runbookAnchor: 'alipay-plus-throttling',
  },
  UNKNOWN_EXCEPTION: {
    status: 'U',
    class: 'unknown',
    retry: 'later',
    actor: 'alipay+',
    httpStatus: 202,
    action: 'TRY_AGAIN',
    messageKey: 'scan.pending',
    payerText: 'This takes a little longer than usual.',
    runbookAnchor: 'alipay-plus-unknown',
  },
} as const satisfies Readonly<Record<string, ResultAdvice>>;

export type ListedResultCode = keyof typeof RESULT_CODES;

/** What to do with a code that is not listed, or that came with another status than its own. */
const BY_STATUS: Readonly<Record<ResultAdvice['status'], ResultAdvice>> = {
  S: RESULT_CODES.SUCCESS,
  F: { ...CONTRACT, runbookAnchor: 'alipay-plus-unlisted-code' },
  U: RESULT_CODES.UNKNOWN_EXCEPTION,
};

/**
 * The status decides first, the code only within it: an unlisted code with F is still refused for good, and a missing
 * or unlisted status is nobody knows, whatever the code says.
 */
export function adviceFor(
  resultStatus: string | undefined,
  resultCode: string | undefined,
): ResultAdvice & { readonly listed: boolean } {
  const status = isStatus(resultStatus) ? resultStatus : 'U';
  const row = isListedResultCode(resultCode) ? RESULT_CODES[resultCode] : undefined;
  const advice = row?.status === status ? row : BY_STATUS[status];
  return { ...advice, listed: row !== undefined };
}

export function isListedResultCode(code: string | undefined): code is ListedResultCode {
  return code !== undefined && Object.hasOwn(RESULT_CODES, code);
}

function isStatus(text: string | undefined): text is ResultAdvice['status'] {
  return text === 'S' || text === 'F' || text === 'U';
}
