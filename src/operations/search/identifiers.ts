import type { Query } from '../../platform/database/reading-pool.js';
import { looksLikeCode } from './pasted-id.js';
import type { IdKind } from './search.js';
import type { CustomerId, PaymentId } from '../../payment-order/order/ids.js';

/** What an identifier is an id of; empty when it is unknown. */
export interface FoundIds {
  readonly recognisedAs: readonly IdKind[];
  readonly paymentIds: readonly PaymentId[];
  readonly scanIds: readonly string[];
  /** Ids that any number of payments may have, as they were given. */
  readonly referenceOrderId?: string;
  readonly customerId?: CustomerId;
}

export interface FoundIdRow {
  readonly kind: IdKind;
  readonly payment_id: PaymentId | null;
  readonly scan_id: string | null;
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
/**
 * A code can be scanned again when its scan has ended, so a code may have several scans; a ledger may repeat its ids.
 */
const MOST_ROWS = 50;
/** Pages show a code as its hash, also inside messages. */
const CODE_HASH = /^(?:sha256:)?([\da-f]{64})$/i;

/**
 * Searches an identifier in every column that may hold it, each by equality on an index. A text that looks like the
 * content of a code is searched only by its hash, so that the code reaches neither the database nor its log.
 *
 * @param codeHashes of `q` as a code: under the key, and as codes were hashed before there was a key
 */
export function identifierLookup(q: string, codeHashes: readonly Buffer[]): Query {
  const uuid = UUID.test(q) ? q : null;
  const text = looksLikeCode(q) ? null : q;
  const shown = CODE_HASH.exec(q)?.[1];
  const hashes = [...codeHashes, ...(shown === undefined ? [] : [Buffer.from(shown, 'hex')])];
  return {
    text: `
      select 'paymentId' as kind, payment_id, null::uuid as scan_id from payment_order where payment_id = $1::uuid
      union all
      select 'paymentRequestId', payment_id, null from payment_order where payment_request_id = $2::text
      union all
      (select 'referenceOrderId', null, null from payment_order where reference_order_id = $2::text limit 1)
      union all
      (select 'customerId', null, null from payment_order where customer_id = $2::text limit 1)
      union all
      (select 'customerId', null, null from scan where customer_id = $2::text limit 1)
      union all
      select 'debitId', payment_id, null from debit where debit_id = $1::uuid
      union all
      select 'refundRequestId', payment_id, null from refund where refund_request_id = $2::text
      union all
      select 'refundId', payment_id, null from refund where refund_id = $1::uuid
      union all
      select 'scanId', payment_id, scan_id from scan where scan_id = $1::uuid
      union all
      select 'eventId', payment_id, scan_id from wallet_event where event_id = $1::uuid
      union all
      select 'approvalId', coalesce(payment_id, case when action = 'redeliver-many' then target::uuid end), null
      from approval left join unnest(targets) target on payment_id is null where approval_id = $1::uuid
      union all
      select 'noteId', payment_id, null from payment_note where note_id = $1::uuid
      union all
      (select 'ledgerReference', payment_id, null from debit where ledger_reference = $2::text limit ${MOST_ROWS})
      union all
      (select 'ledgerReference', payment_id, null from refund where ledger_reference = $2::text limit ${MOST_ROWS})
      union all
      (select 'ledgerReference', payment_id, null from payment_history
       where detail ->> 'ledgerReference' = $2::text and detail ? 'ledgerReference' limit ${MOST_ROWS})
      union all
      (select 'quoteId', payment_id, null from payment_order where quote_id = $2::text limit ${MOST_ROWS})
      union all
      (select 'codeValue', payment_id, scan_id from (
         select payment_id, scan_id, created_at from scan where code_hash = any ($3::bytea[]) and status = 'PENDING'
         union all
         select payment_id, scan_id, created_at from scan where code_hash = any ($3::bytea[]) and status <> 'PENDING') s
       order by created_at desc limit ${MOST_ROWS})`,
    values: [uuid, text, hashes],
  };
}

export function foundIds(q: string, rows: readonly FoundIdRow[]): FoundIds {
  const kinds = new Set(rows.map(({ kind }) => kind));
  const ids = (column: 'payment_id' | 'scan_id'): string[] => [
    ...new Set(rows.map((row) => row[column]).filter((id) => id !== null)),
  ];
  return {
    recognisedAs: [...kinds],
    paymentIds: ids('payment_id'),
    scanIds: ids('scan_id'),
    ...(kinds.has('referenceOrderId') ? { referenceOrderId: q } : {}),
    ...(kinds.has('customerId') ? { customerId: q } : {}),
  };
}
