import type { WireFault } from '../wire/wire-reader.js';

export type PaymentResultApi = 'notifyPayment' | 'inquiryPayment';

interface PaymentResultRow {
  readonly status: 'S' | 'F' | 'U';
  readonly apis: readonly PaymentResultApi[];
  /** Where the code is known from: named for this flow, named for another flow of Alipay+, or our own reading. */
  readonly basis: 'named' | 'other flow' | 'inferred';
}

const BOTH: readonly PaymentResultApi[] = ['notifyPayment', 'inquiryPayment'];

/** The codes we put into `paymentResult`. Alipay+ publishes no complete table, so that a partner may agree on more. */
export const PAYMENT_RESULT_CODES = {
  SUCCESS: { status: 'S', apis: BOTH, basis: 'named' },
  PAYMENT_IN_PROCESS: { status: 'U', apis: ['inquiryPayment'], basis: 'named' },
  ORDER_IS_CLOSED: { status: 'F', apis: BOTH, basis: 'named' },
  RISK_REJECT: { status: 'F', apis: BOTH, basis: 'named' },
  UNAVAILABLE_PAYMENT_METHOD: { status: 'F', apis: BOTH, basis: 'named' },
  USER_PAYMENT_VERIFICATION_FAILED: { status: 'F', apis: BOTH, basis: 'named' },
  MERCHANT_NOT_REGISTERED: { status: 'F', apis: BOTH, basis: 'named' },
  USER_KYC_NOT_QUALIFIED: { status: 'F', apis: BOTH, basis: 'named' },
  USER_BALANCE_NOT_ENOUGH: { status: 'F', apis: BOTH, basis: 'named' },
  USER_NOT_EXIST: { status: 'F', apis: BOTH, basis: 'named' },
  USER_STATUS_ABNORMAL: { status: 'F', apis: BOTH, basis: 'named' },
  USER_AMOUNT_EXCEED_LIMIT: { status: 'F', apis: BOTH, basis: 'other flow' },
  PAYMENT_AMOUNT_EXCEED_LIMIT: { status: 'F', apis: BOTH, basis: 'other flow' },
  PROCESS_FAIL: { status: 'F', apis: BOTH, basis: 'inferred' },
} as const satisfies Readonly<Record<string, PaymentResultRow>>;

/** What is wrong with a `paymentResult` for an API; a code the table does not list is only held against its status. */
export function paymentResultFaults(
  result: { readonly resultStatus: string; readonly resultCode: string },
  api: PaymentResultApi,
): WireFault[] {
  const row = rowOf(result.resultCode);
  const faults: WireFault[] = [];
  if (api === 'notifyPayment' && result.resultStatus !== 'S' && result.resultStatus !== 'F') {
    faults.push({ field: 'paymentResult.resultStatus', rule: 'must be S or F, since the payment is final' });
  }
  if (row ? row.status !== result.resultStatus : result.resultStatus === 'S') {
    faults.push({ field: 'paymentResult.resultCode', rule: `does not go with ${result.resultStatus}` });
  }
  if (row && !row.apis.includes(api)) {
    faults.push({ field: 'paymentResult.resultCode', rule: `is not a code of ${api}` });
  }
  return faults;
}

function rowOf(code: string): PaymentResultRow | undefined {
  const rows: Readonly<Record<string, PaymentResultRow>> = PAYMENT_RESULT_CODES;
  return Object.hasOwn(rows, code) ? rows[code] : undefined;
}
