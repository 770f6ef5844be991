import type { EventType } from '../../payment-order/event/event-type.js';
import type { PaymentId } from '../../payment-order/order/ids.js';
import type { Query } from '../../platform/database/reading-pool.js';
import type { FoundIds } from './identifiers.js';
import { guessed, pageParts, timeKeysets, type PageCursor, type QueryValues } from './keyset.js';
import { foundCondition, inTime } from './payment-conditions.js';
import type { EventFilters } from './query/events.query.js';
import type { TimeSort } from './query/list.query.js';
import type { DeliveryOfEvent } from './search.dto.js';

export interface EventQuestion {
  readonly filters: EventFilters;
  readonly sort: TimeSort;
  readonly found?: FoundIds;
}

export interface FoundEventRow {
  readonly event_id: string;
  readonly type: EventType;
  readonly payment_id: PaymentId | null;
  readonly scan_id: string | null;
  readonly at: Date;
  readonly deliveries: readonly DeliveryOfEvent[];
  readonly key_text: string;
  readonly id: string;
}

/** The deliveries of the event in row `e`, as JSON with the names of the answer. */
export const DELIVERIES = `coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('endpoint', d.endpoint,
        'status', d.status, 'tries', d.tries, 'lastOutcome', d.last_outcome, 'nextAttemptAt', d.next_attempt_at,
        'givesUpAt', d.gives_up_at, 'deliveredAt', d.delivered_at)) order by d.endpoint)
      from event_delivery d where d.event_id = e.event_id), '[]')`;

const EVENT_KEYSETS = timeKeysets('e.at', 'e.event_id');

export function eventPage(question: EventQuestion, limit: number, cursor?: PageCursor): Query {
  const page = pageParts(EVENT_KEYSETS[question.sort], cursor, (values) => conditionsOf(question, values));
  return {
    text: `
      select e.event_id, e.type, e.payment_id, e.scan_id, e.at, ${DELIVERIES} as deliveries,
        ${page.keyText} as key_text, e.event_id as id
      from wallet_event e ${page.where}
      order by ${page.order} limit ${limit}`,
    values: page.values,
  };
}

export function eventsGuessed(question: EventQuestion): Query {
  return guessed('wallet_event e', (values) => conditionsOf(question, values));
}

function conditionsOf({ filters, found }: EventQuestion, values: QueryValues): string[] {
  const { paymentId, scanId, type } = filters;
  return [
    ...inTime('e.at', filters, values),
    ...(type === undefined ? [] : [`e.type = ${values.add(type, 'text')}`]),
    ...(scanId === undefined ? [] : [`e.scan_id = ${values.add(scanId, 'uuid')}`]),
    ...(paymentId === undefined ? [] : [ofPayments(`h.payment_id = ${values.add(paymentId, 'uuid')}`)]),
    ...deliveryConditions(filters, values),
    ...(found === undefined ? [] : [ofFound(found, values)]),
  ];
}

/** Through the history of the payment, whose index finds them. */
function ofPayments(condition: string): string {
  return `e.history_id = any (array(select h.history_id from payment_history h where ${condition}))`;
}

function ofFound(found: FoundIds, values: QueryValues): string {
  const orders = `h.payment_id in (select o.payment_id from payment_order o where ${foundCondition(found, values)})`;
  return `(${ofPayments(orders)} or e.scan_id = any (${values.add(found.scanIds, 'uuid[]')}))`;
}

function deliveryConditions({ endpoint, status }: EventFilters, values: QueryValues): string[] {
  if (endpoint === undefined && status === undefined) return [];
  const conditions = [
    ...(endpoint === undefined ? [] : [`d.endpoint = ${values.add(endpoint, 'text')}`]),
    ...(status === undefined ? [] : [`d.status = ${values.add(status, 'text')}`]),
    // Nearly all are delivered; the index of the others is used only with this condition.
    ...(status === undefined || status === 'DELIVERED' ? [] : [`d.status <> 'DELIVERED'`]),
  ];
  return [`e.event_id in (select d.event_id from event_delivery d where ${conditions.join(' and ')})`];
}
