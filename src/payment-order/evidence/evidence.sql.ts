import type { Statement } from '../../platform/database/database.js';

/** Tables that grow with every call: what was asked and answered, kept as evidence. */
export const EVIDENCE_TABLES = ['decode_exchange', 'notification_attempt', 'inbound_exchange'] as const;
export type EvidenceTable = (typeof EVIDENCE_TABLES)[number];

/** A payment is finished when its result is acknowledged and none of its debits and refunds waits for the ledger. */
export const isOpen = (paymentId: string): string => `(
        not exists (select 1 from notification n where n.payment_id = ${paymentId} and n.status = 'DELIVERED')
        or exists (select 1 from debit d where d.payment_id = ${paymentId} and d.next_attempt_at is not null)
        or exists (select 1 from refund r where r.payment_id = ${paymentId} and r.next_attempt_at is not null))`;

const EVIDENCE: Readonly<Record<EvidenceTable, { id: string; time: string; isNeeded: string }>> = {
  decode_exchange: {
    id: 'exchange_id',
    time: 'finished_at',
    isNeeded: `exists (select 1 from scan s where s.scan_id = e.scan_id
        and (s.status = 'PENDING' or s.payment_id is not null and ${isOpen('s.payment_id')}))`,
  },
  notification_attempt: { id: 'attempt_id', time: 'finished_at', isNeeded: isOpen('e.payment_id') },
  inbound_exchange: {
    id: 'exchange_id',
    time: 'received_at',
    isNeeded: `exists (select 1 from payment_order o where o.payment_request_id = e.payment_request_id
        and ${isOpen('o.payment_id')})`,
  },
};

/**
 * Walks a table from its oldest row on, a bounded window at a time, and deletes what is too old and belongs to payments
 * at rest. Ids are given out in the order of time, so the walk needs no index of its own, and it ends at the first row
 * that is young.
 * $1 the last id of the window before, $2 rows of a window, $3 days that evidence is kept
 */
export const PRUNE: Readonly<Record<EvidenceTable, Statement>> = {
  decode_exchange: pruneOf('decode_exchange'),
  notification_attempt: pruneOf('notification_attempt'),
  inbound_exchange: pruneOf('inbound_exchange'),
};

function pruneOf(table: EvidenceTable): Statement {
  const { id, time, isNeeded } = EVIDENCE[table];
  return {
    name: `prune_${table}`,
    text: `
    with clock as materialized (select db_now() - $3 * interval '1 day' as before),
    looked as materialized (
      select ${id} as id, ${time} < (select before from clock) as is_old
      from ${table} where ${id} > $1 order by ${id} limit $2),
    pruned as (
      delete from ${table} e
      where e.${id} = any (array(select id from looked where is_old)) and not ${isNeeded}
      returning 1)
    select (select count(*)::int from pruned) as pruned, max(id)::text as last_id,
      count(*) filter (where is_old) = $2 as may_be_more
    from looked`,
  };
}

export const KEEP_INBOUND: Statement = {
  name: 'inbound_keep',
  text: `
    insert into inbound_exchange (api, payment_request_id, received_at, request_time, request, answer, result_status,
      result_code, payment_status, payment_code)
    values ($1, $2, db_now(), $3, $4, $5, $6, $7, $8, $9)`,
};
