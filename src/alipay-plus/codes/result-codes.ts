/** What the wallet app does. Stable: apps switch on it. */
export type PayerAction =
  | 'SHOW_CODE_EXPIRED'
  | 'SHOW_CODE_INVALID'
  | 'SHOW_CODE_IN_USE'
  | 'SHOW_ORDER_CLOSED'
  | 'SHOW_LIMIT_EXCEEDED'
  | 'SHOW_NOT_SUPPORTED'
  | 'CONTACT_SUPPORT';

/**
 * What is wrong on our side. `set-up`: client id, key, signature, path or headers, so that every call fails until it is
 * corrected. `message`: Alipay+ cannot read the body we wrote; sending the same bytes again cannot help.
 */
export type OwnFault = 'set-up' | 'message';

/** A code that comes with S or U. Neither ends a scan as refused, so the payer is shown nothing about it. */
interface OpenResult {
  readonly status: 'S' | 'U';
  /** All processes together call less often for a while. */
  readonly slowsDown?: true;
  readonly runbookAnchor: string;
}

/** A code that comes with F: what the wallet app is answered, and whose fault it is. */
export interface Refusal {
  readonly status: 'F';
  /** Present: the fault is ours. It raises the alarm, counts for stopping the line, and guides the notifier. */
  readonly ourFault?: OwnFault;
  /** What the wallet app gets from `POST /v1/scans`. */
  readonly httpStatus: 409 | 422;
  readonly action: PayerAction;
  /** For an app that translates. */
  readonly messageKey: string;
  /** For an app that does not. */
  readonly payerText: string;
  /** The entry of the runbook that says what an operator does. */
  readonly runbookAnchor: string;
}

export type ResultRow = OpenResult | Refusal;

const REFUSED = { status: 'F', httpStatus: 422 } as const;

const UNAVAILABLE = {
  ...REFUSED,
  action: 'CONTACT_SUPPORT',
  messageKey: 'scan.unavailable',
  payerText: 'Paying by this code does not work right now. Please contact customer service.',
} as const;

const OUR_SETUP = { ...UNAVAILABLE, ourFault: 'set-up', runbookAnchor: 'alipay-plus-own-setup' } as const;
const OUR_MESSAGE = { ...OUR_SETUP, ourFault: 'message' } as const;

/** Something Alipay+ has not enabled for us. It may concern one merchant or one currency, so it never stops the line. */
const CONTRACT = { ...UNAVAILABLE, runbookAnchor: 'alipay-plus-contract' } as const;

const OVER_LIMIT = { ...REFUSED, action: 'SHOW_LIMIT_EXCEEDED', runbookAnchor: 'payer-over-limit' } as const;

/**
 * Every code of userInitiatedPay, and two that its page does not list: REPEAT_REQ_INCONSISTENT, which it names where
 * it describes codeValue, and INVALID_API, by which a sister API says NO_INTERFACE_DEF.
 */
export const RESULT_CODES = {
  SUCCESS: { status: 'S', runbookAnchor: 'decoded' },
  ACCESS_DENIED: OUR_SETUP,
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
    action: 'SHOW_CODE_EXPIRED',
    messageKey: 'scan.code_expired',
    payerText: 'This code has expired. Ask the merchant for a new one.',
    runbookAnchor: 'code-expired',
  },
  INVALID_API: OUR_SETUP,
  INVALID_CLIENT: OUR_SETUP,
  INVALID_CODE: {
    ...REFUSED,
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
    action: 'SHOW_ORDER_CLOSED',
    messageKey: 'scan.order_closed',
    payerText: 'The merchant has closed this order. Ask them to start it again.',
    runbookAnchor: 'order-closed',
  },
  PARAM_ILLEGAL: OUR_MESSAGE,
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
  REPEAT_REQ_INCONSISTENT: {
    ...REFUSED,
    httpStatus: 409,
    action: 'SHOW_CODE_IN_USE',
    messageKey: 'scan.code_in_use',
    payerText: 'This code is already being paid. Ask the merchant for a new one.',
    runbookAnchor: 'code-in-use',
  },
  REQUEST_TRAFFIC_EXCEED_LIMIT: { status: 'U', slowsDown: true, runbookAnchor: 'alipay-plus-throttling' },
  UNKNOWN_EXCEPTION: { status: 'U', runbookAnchor: 'alipay-plus-unknown' },
} as const satisfies Readonly<Record<string, ResultRow>>;

/** Our name for a verified F whose code says SUCCESS: the status decides, and the code says the opposite. */
export const REFUSED_AS_SUCCESS = 'REFUSED_AS_SUCCESS';

export type ListedResultCode = keyof typeof RESULT_CODES;

/** For a code that is not listed, or that came with F although it belongs to another status. */
export const UNLISTED_REFUSAL: Refusal = { ...CONTRACT, runbookAnchor: 'alipay-plus-unlisted-code' };

/** What a scan that was answered F is refused with. The status has decided already; the code only chooses the words. */
export function refusalFor(resultCode: string): Refusal {
  const row = rowOf(resultCode);
  return row?.status === 'F' ? row : UNLISTED_REFUSAL;
}

/** What is wrong on our side according to this code; undefined when nothing is. */
export function ownFaultOf(resultCode: string | undefined): OwnFault | undefined {
  const row = rowOf(resultCode);
  return row?.status === 'F' ? row.ourFault : undefined;
}

/** Every code that says the fault is ours. */
export const OWN_FAULT_CODES: readonly string[] = Object.keys(RESULT_CODES).filter(ownFaultOf);

/** The codes that say what exactly is wrong on our side. */
export function ownFaultCodes(fault: OwnFault): readonly string[] {
  return OWN_FAULT_CODES.filter((code) => ownFaultOf(code) === fault);
}

/** Whether a code asks us to call less often. */
export function slowsDown(resultCode: string | undefined): boolean {
  const row = rowOf(resultCode);
  return row?.status === 'U' && row.slowsDown === true;
}

export function isListedResultCode(code: string | undefined): code is ListedResultCode {
  return code !== undefined && Object.hasOwn(RESULT_CODES, code);
}

function rowOf(code: string | undefined): ResultRow | undefined {
  return isListedResultCode(code) ? RESULT_CODES[code] : undefined;
}
