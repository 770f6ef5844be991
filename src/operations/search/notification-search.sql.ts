import type { NotificationStatus, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { Query } from '../../platform/database/reading-pool.js';
import type { FoundIds } from './identifiers.js';
import { guessed, pageParts, timeKeysets, type PageCursor, type QueryValues } from './keyset.js';
import { foundCondition, inTime } from './payment-conditions.js';
import type { TimeSort } from './query/list.query.js';
import type { NotificationFilters } from './query/notifications.query.js';
import type { CustomerId, PaymentId, PaymentRequestId } from '../../payment-order/order/ids.js';

export interface NotificationQuestion {
  readonly filters: NotificationFilters;
  readonly sort: TimeSort;
  readonly found?: FoundIds;
}

export interface FoundNotificationRow {
  readonly payment_id: PaymentId;
  readonly payment_request_id: PaymentRequestId;
  readonly customer_id: CustomerId;
  readonly payment_status: PaymentStatus;
  readonly status: NotificationStatus;
  readonly url: string;
  readonly tries: number;
  readonly last_outcome: string | null;
  readonly next_attempt_at: Date | null;
  readonly gives_up_at: Date;
  readonly delivered_at: Date | null;
  readonly created_at: Date;
  readonly key_text: string;
  readonly id: string;
}

const COLUMNS = `n.payment_id, o.payment_request_id, o.customer_id, o.status as payment_status, n.status, n.url, n.tries,
  n.last_outcome, n.next_attempt_at, n.gives_up_at, n.delivered_at, n.created_at`;

const NOTIFICATION_KEYSETS = timeKeysets('n.created_at', 'n.payment_id');

export function notificationPage(question: NotificationQuestion, limit: number, cursor?: PageCursor): Query {
  const page = pageParts(NOTIFICATION_KEYSETS[question.sort], cursor, (values) =>
    conditionsOf(question, values),
  );
  return {
    text: `
      select ${COLUMNS}, ${page.keyText} as key_text, n.payment_id as id
      from (select n.payment_id from notification n ${page.where} order by ${page.order} limit ${limit}) page
        join notification n using (payment_id) join payment_order o using (payment_id)
      order by ${page.order}`,
    values: page.values,
  };
}

export function notificationsGuessed(question: NotificationQuestion): Query {
  return guessed('notification n', (values) => conditionsOf(question, values));
}

function conditionsOf({ filters, found }: NotificationQuestion, values: QueryValues): string[] {
  const conditions = inTime('n.created_at', filters, values);
  if (filters.paymentId !== undefined) {
    conditions.push(`n.payment_id = ${values.add(filters.paymentId, 'uuid')}`);
  }
  if (filters.status !== undefined) {
    conditions.push(`n.status = ${values.add(filters.status, 'text')}`);
    // Nearly all are delivered; the index of the others is used only with this condition.
    if (filters.status !== 'DELIVERED') conditions.push(`n.status <> 'DELIVERED'`);
  }
  const ofOrder = orderConditions({ filters, ...(found && { found }) }, values);
  if (ofOrder.length > 0) {
    conditions.push(
      `n.payment_id = any (array(select o.payment_id from payment_order o where ${ofOrder.join(' and ')}))`,
    );
  }
  return conditions;
}

function orderConditions(
  { filters, found }: Pick<NotificationQuestion, 'filters' | 'found'>,
  values: QueryValues,
): string[] {
  const { paymentRequestId, customerId } = filters;
  return [
    ...(paymentRequestId === undefined
      ? []
      : [`o.payment_request_id = ${values.add(paymentRequestId, 'text')}`]),
    ...(customerId === undefined ? [] : [`o.customer_id = ${values.add(customerId, 'text')}`]),
    ...(found === undefined ? [] : [foundCondition(found, values)]),
  ];
}
