import type { Statement } from '../../platform/database/database.js';
import type { CustomerId, PaymentId } from './ids.js';
import type { PaymentOrder } from './payment-order.js';
import { ORDER_COLUMNS, type OrderRow } from './payment-order.row.js';
import { REFUNDS } from './statement-parts.js';
import type { PaymentStatus } from './payment-status.js';

/** Where a payment stands among those of its customer. */
export interface PlaceInList {
  /** ISO 8601 in UTC, to the microsecond. */
  readonly createdAt: string;
  readonly paymentId: PaymentId;
}

/** Which payments of a customer, the newest first. */
export interface PaymentsOfCustomer {
  readonly customerId: CustomerId;
  /** Absent: any. */
  readonly statuses?: readonly PaymentStatus[];
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** Only older ones than the one that stands here. */
  readonly before?: PlaceInList;
  readonly limit: number;
}

export interface PageOfPayments {
  readonly payments: readonly PaymentOrder[];
  /** The place of the last one; absent when there is no older one. */
  readonly end?: PlaceInList;
}

export type ListedRow = OrderRow & { readonly key_text: string };

/**
 * One page along the index of customers: every bound is one of that index, and only the rows of the page are fetched.
 * $1 customer_id, $2 statuses or null, $3 from, $4 to, $5 and $6 the place before, $7 how many
 */
export const ORDERS_OF_CUSTOMER: Statement = {
  name: 'orders_of_customer',
  text: `
    with page as materialized (
      select * from payment_order
      where customer_id = $1 and ($2::text[] is null or status = any($2))
        and created_at >= coalesce($3::timestamptz, '-infinity') and created_at < coalesce($4::timestamptz, 'infinity')
        and (created_at, payment_id) <
          (coalesce($5::timestamptz, 'infinity'), coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      order by created_at desc, payment_id desc limit $7)
    select ${ORDER_COLUMNS}, n.status as notification_status, db_now() as now, ${REFUNDS} as refunds,
      to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key_text
    from page o left join notification n using (payment_id)
    order by o.created_at desc, o.payment_id desc`,
};
