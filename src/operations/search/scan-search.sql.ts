import type { ScanStatus } from '../../payment-order/order/payment-status.js';
import type { Query } from '../../platform/database/reading-pool.js';
import type { FoundIds } from './identifiers.js';
import { guessed, pageParts, timeKeysets, type PageCursor, type QueryValues } from './keyset.js';
import { inTime } from './payment-conditions.js';
import type { TimeSort } from './query/list.query.js';
import type { ScanFilters } from './query/scans.query.js';
import type { CustomerId, PaymentId } from '../../payment-order/order/ids.js';

export interface ScanQuestion {
  readonly filters: ScanFilters;
  readonly sort: TimeSort;
  readonly found?: FoundIds;
}

export interface FoundScanRow {
  readonly scan_id: string;
  readonly customer_id: CustomerId;
  readonly status: ScanStatus;
  readonly result_code: string | null;
  readonly unknown_reason: string | null;
  readonly payment_id: PaymentId | null;
  readonly tries: number;
  readonly next_attempt_at: Date | null;
  readonly gives_up_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly key_text: string;
  readonly id: string;
}

const COLUMNS = `s.scan_id, s.customer_id, s.status, s.result_code, s.unknown_reason, s.payment_id, s.tries,
  s.next_attempt_at, s.gives_up_at, s.created_at, s.updated_at`;

const SCAN_KEYSETS = timeKeysets('s.created_at', 's.scan_id');

export function scanPage(question: ScanQuestion, limit: number, cursor?: PageCursor): Query {
  const page = pageParts(SCAN_KEYSETS[question.sort], cursor, (values) => conditionsOf(question, values));
  return {
    text: `
      select ${COLUMNS}, ${page.keyText} as key_text, s.scan_id as id from scan s ${page.where}
      order by ${page.order} limit ${limit}`,
    values: page.values,
  };
}

export function scansGuessed(question: ScanQuestion): Query {
  return guessed('scan s', (values) => conditionsOf(question, values));
}

function conditionsOf({ filters, found }: ScanQuestion, values: QueryValues): string[] {
  const conditions = inTime('s.created_at', filters, values);
  const equal = (column: string, value: string | undefined, type = 'text'): void => {
    if (value !== undefined) conditions.push(`${column} = ${values.add(value, type)}`);
  };
  equal('s.scan_id', filters.scanId, 'uuid');
  equal('s.payment_id', filters.paymentId, 'uuid');
  equal('s.customer_id', filters.customerId);
  equal('s.status', filters.status);
  equal('s.result_code', filters.resultCode);
  if (found) conditions.push(foundCondition(found, values));
  return conditions;
}

/** A reference order id belongs to payments; their scans are found through them. */
function foundCondition(
  { scanIds, paymentIds, referenceOrderId, customerId }: FoundIds,
  values: QueryValues,
): string {
  const ways = [
    ...(scanIds.length === 0 ? [] : [`s.scan_id = any (${values.add(scanIds, 'uuid[]')})`]),
    ...(paymentIds.length === 0 ? [] : [`s.payment_id = any (${values.add(paymentIds, 'uuid[]')})`]),
    ...(customerId === undefined ? [] : [`s.customer_id = ${values.add(customerId, 'text')}`]),
    ...(referenceOrderId === undefined
      ? []
      : [
          `s.payment_id = any (array(select o.payment_id from payment_order o
             where o.reference_order_id = ${values.add(referenceOrderId, 'text')}))`,
        ]),
  ];
  return ways.length === 0 ? 'false' : `(${ways.join(' or ')})`;
}
