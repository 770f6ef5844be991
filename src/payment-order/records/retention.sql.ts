import type { Statement } from '../../platform/database/database.js';
import { CLEAR_CONTENT } from '../order/sealed-content.js';

/** A payment is at rest when its result is acknowledged and none of its debits and refunds waits for the ledger. */
export const isOpen = (paymentId: string): string => `(
        not exists (select 1 from notification n where n.payment_id = ${paymentId} and n.status = 'DELIVERED')
        or exists (select 1 from debit d where d.payment_id = ${paymentId} and d.next_attempt_at is not null)
        or exists (select 1 from refund r where r.payment_id = ${paymentId} and r.next_attempt_at is not null))`;

/** Somebody is still to be told of the payment's events. */
export const isToBeTold = (paymentId: string): string => `(
        exists (select from event_delivery v where v.subject_id = ${paymentId} and v.next_attempt_at is not null)
        or exists (select from wallet_event w where w.payment_id = ${paymentId} and w.spread_at is null))`;

/** Each class has a setting of its own: so many days. */
export type RetentionClass = 'evidence' | 'messages' | 'orderContent' | 'results';

interface Walk {
  readonly of: RetentionClass;
  readonly table: string;
  readonly id: string;
  readonly idType: 'bigint' | 'uuid';
  /** By it the walk ends; ids are given out in its order. */
  readonly time: string;
  /** Whether the row `e` stays, however old. `before` is the moment that everything older may go. */
  readonly stays: (before: string) => string;
  /** What is set; without it the rows are deleted. */
  readonly empties?: string;
  /** Rows of others that go with those that are `chosen`. */
  readonly with?: string;
}

const EXCHANGE_OF_OPEN_SCAN = `exists (select 1 from scan s where s.scan_id = e.scan_id
        and (s.status = 'PENDING' or s.payment_id is not null and ${isOpen('s.payment_id')}))`;
const CALL_OF_OPEN_ORDER = `exists (select 1 from payment_order o where o.payment_request_id = e.payment_request_id
        and ${isOpen('o.payment_id')})`;

const DECODE_EXCHANGE = {
  table: 'decode_exchange',
  id: 'exchange_id',
  idType: 'bigint',
  time: 'finished_at',
} as const;
const NOTIFICATION_ATTEMPT = {
  table: 'notification_attempt',
  id: 'attempt_id',
  idType: 'bigint',
  time: 'finished_at',
} as const;
const INBOUND_EXCHANGE = {
  table: 'inbound_exchange',
  id: 'exchange_id',
  idType: 'bigint',
  time: 'received_at',
} as const;
const BY_PAYMENT = { id: 'payment_id', idType: 'uuid', time: 'created_at' } as const;

const emptied = (...columns: string[]): string => columns.map((column) => `${column} = ''`).join(', ');
const isEmpty = (...columns: string[]): string =>
  columns.map((column) => `coalesce(octet_length(e.${column}), 0) = 0`).join(' and ');

const WALKS = {
  decode_exchange: { of: 'evidence', ...DECODE_EXCHANGE, stays: () => EXCHANGE_OF_OPEN_SCAN },
  notification_attempt: { of: 'evidence', ...NOTIFICATION_ATTEMPT, stays: () => isOpen('e.payment_id') },
  inbound_exchange: { of: 'evidence', ...INBOUND_EXCHANGE, stays: () => CALL_OF_OPEN_ORDER },
  /** Scans that came to nothing, with what is left of their exchanges. */
  scan: {
    of: 'evidence',
    table: 'scan',
    id: 'scan_id',
    idType: 'uuid',
    time: 'created_at',
    stays: (before) => `(e.status = 'PENDING' or e.payment_id is not null or e.updated_at >= ${before}
        or exists (select from wallet_event w where w.scan_id = e.scan_id and w.spread_at is null))`,
    with: 'delete from decode_exchange where scan_id in (select id from chosen)',
  },
  decode_exchange_message: {
    of: 'messages',
    ...DECODE_EXCHANGE,
    stays: () => `(${isEmpty('answer')} or ${EXCHANGE_OF_OPEN_SCAN})`,
    empties: emptied('answer'),
  },
  notification_attempt_message: {
    of: 'messages',
    ...NOTIFICATION_ATTEMPT,
    stays: () => `(${isEmpty('answer')} or ${isOpen('e.payment_id')})`,
    empties: emptied('answer'),
  },
  inbound_exchange_message: {
    of: 'messages',
    ...INBOUND_EXCHANGE,
    stays: () => `(${isEmpty('request', 'answer')} or ${CALL_OF_OPEN_ORDER})`,
    empties: emptied('request', 'answer'),
  },
  order_content: {
    of: 'orderContent',
    table: 'payment_order',
    ...BY_PAYMENT,
    // One that was never sealed has no sealed content at all, and all of it in the other column.
    stays: (
      before,
    ) => `(coalesce(octet_length(e.sealed_content), 1) = 0 or e.finished_at is null or e.finished_at >= ${before}
        or ${isOpen('e.payment_id')} or ${isToBeTold('e.payment_id')})`,
    empties: `sealed_content = '', content = ${CLEAR_CONTENT}`,
  },
  notification_body: {
    of: 'results',
    table: 'notification',
    ...BY_PAYMENT,
    stays: (before) => `(${isEmpty('body')} or e.status <> 'DELIVERED' or e.delivered_at >= ${before})`,
    empties: emptied('body'),
  },
} as const satisfies Readonly<Record<string, Walk>>;

/** What is let go of, each by a walk of its own. */
export type Forgotten = keyof typeof WALKS;
// The keys of an object literal are those of its type.
export const FORGOTTEN = Object.keys(WALKS) as readonly Forgotten[];

export const classOf = (what: Forgotten): RetentionClass => WALKS[what].of;
/** Rows that are only emptied are met again by every walk. */
export const leavesRows = (what: Forgotten): boolean => 'empties' in WALKS[what];
export const firstIdOf = (what: Forgotten): string =>
  WALKS[what].idType === 'uuid' ? '00000000-0000-0000-0000-000000000000' : '0';

/**
 * Walks a table from its oldest row on, a bounded window at a time, and lets go of what is too old and belongs to payments
 * at rest. Ids are given out in the order of time, so the walk needs no index of its own, and it ends at the first row
 * that is young. What somebody else holds at the moment is left to the next walk.
 * $1 the last id of the window before, $2 rows of a window, $3 days that it is kept
 */
export function pruneOf(what: Forgotten): Statement {
  const walk: Walk = WALKS[what];
  const { table, id, idType, time } = walk;
  const isChosen = `${id} in (select id from chosen)`;
  const act = walk.empties ? `update ${table} set ${walk.empties}` : `delete from ${table}`;
  return {
    name: `prune_${what}`,
    text: `
    with clock as materialized (select db_now() - $3 * interval '1 day' as before),
    looked as materialized (
      select ${id} as id, ${time} < (select before from clock) as is_old
      from ${table} where ${id} > $1::${idType} order by ${id} limit $2),
    chosen as materialized (
      select e.${id} as id from ${table} e
      where e.${id} = any (array(select id from looked where is_old)) and not ${walk.stays('(select before from clock)')}
      for update of e skip locked),
    ${walk.with ? `others as (${walk.with}),` : ''}
    pruned as (${act} where ${isChosen} returning 1)
    select (select count(*)::int from pruned) as pruned,
      (select id::text from looked order by id desc limit 1) as last_id,
      (select count(*) filter (where is_old) = $2 from looked) as may_be_more`,
  };
}
