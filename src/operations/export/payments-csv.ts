import type { Transform } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { ExportedPayment } from '../search/payment-search.sql.js';

/** The columns in their order. New ones go to the end, so that a spreadsheet of last month fits a file of today. */
const COLUMNS: readonly (readonly [header: string, column: keyof ExportedPayment])[] = [
  ['paymentId', 'payment_id'],
  ['paymentRequestId', 'payment_request_id'],
  ['referenceOrderId', 'reference_order_id'],
  ['customerId', 'customer_id'],
  ['acquirerId', 'acquirer_id'],
  ['pspId', 'psp_id'],
  ['merchantId', 'merchant_id'],
  ['merchantName', 'merchant_name'],
  ['status', 'status'],
  ['heldReason', 'held_reason'],
  ['resultCode', 'result_code'],
  ['payCurrency', 'pay_currency'],
  ['payMinorUnits', 'pay_value'],
  ['paymentCurrency', 'payment_currency'],
  ['paymentMinorUnits', 'payment_value'],
  ['payToCurrency', 'pay_to_currency'],
  ['payToMinorUnits', 'pay_to_value'],
  ['notificationStatus', 'notification_status'],
  ['createdAt', 'created_at'],
  ['finishedAt', 'finished_at'],
  ['refundedMinorUnits', 'refunded_value'],
  ['refundOpenMinorUnits', 'refund_open_value'],
  ['refundCount', 'refund_count'],
];

/** What a spreadsheet may pass over, or a person not see, before a formula: blanks and letters without a shape. */
const UNSEEN = '\\p{Z}\\p{Cf}\\t\\n\\r';
/** In the small and full width forms too, which some programs read as the plain ones. */
const SIGNS = '=+\\-@＝＋－＠﹦﹢﹣﹫';

/**
 * Some spreadsheets separate cells by semicolons, as in much of Europe, or by tabs; there a quote in the middle of a
 * line is an ordinary letter. A formula after a tab is still a formula.
 */
const FORMULA_INSIDE = new RegExp(`([;\\t\\n\\r]["'\\t\\n\\r]*)(?=[${SIGNS}])`, 'gu');
/** Beginnings that the library does not know. */
const FORMULA_AT_FIRST = new RegExp(`^(?:[${UNSEEN}]+[${SIGNS}]|[﹦﹢﹣﹫]|\\n)`, 'u');

function harmless(text: string): string {
  const inside = text.replace(FORMULA_INSIDE, "$1'");
  return FORMULA_AT_FIRST.test(text) && !/^[\t\r]/.test(text) ? `'${inside}` : inside;
}

/**
 * Turns rows into CSV by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front:
 * names come from merchants, and opening the file would run what they wrote.
 */
export function paymentsCsv(): Transform {
  return stringify({
    header: true,
    columns: COLUMNS.map(([header, key]) => ({ header, key })),
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: {
      date: (at) => at.toISOString(),
      string: harmless,
    },
  });
}
