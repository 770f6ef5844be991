import { selected } from '../../platform/database/columns.js';
import { present, type MaybePresent } from '../../platform/present.js';
import type { Sealing } from '../../platform/sealing/sealing.js';
import { keptMoney, type Money } from './money.js';
import { PLAIN_COLUMNS, READ_COLUMNS, type ReadRow } from './payment-order.columns.js';
import type { OrderRefund, PaymentOrder } from './payment-order.js';
import type { PaymentResult } from './payment-result.js';
import type { NotificationStatus } from './payment-status.js';
import { openedContent } from './sealed-content.js';
import type { RefundKey } from './ids.js';

/** The columns of an order as every statement of the stores returns them; `o` names the row, `n` its notification. */
export const ORDER_COLUMNS = selected('o', READ_COLUMNS);

export interface OrderRow extends ReadRow {
  readonly notification_status?: NotificationStatus | null;
  /** As JSON, where they are read. */
  readonly refunds?: readonly RefundJson[] | null;
  readonly now: Date;
}

interface RefundJson {
  readonly refund_id: RefundKey;
  readonly status: OrderRefund['status'];
  readonly back_currency: string;
  readonly back_value: string;
  readonly refund_currency: string;
  readonly refund_value: string;
  readonly refund_time: string | null;
  readonly created_at: string;
}

export function toPaymentOrder(row: OrderRow, sealing: Sealing): PaymentOrder {
  const plain: Record<string, unknown> = {};
  for (const [property, column] of PLAIN_COLUMNS) plain[property] = row[column];
  return present<PaymentOrder>({
    ...plain,
    readAt: row.now,
    content: openedContent(row, sealing),
    paymentAmount: moneyOf(row.payment_currency, row.payment_value),
    payToAmount: moneyOf(row.pay_to_currency, row.pay_to_value),
    payAmount: moneyOf(row.pay_currency, row.pay_value),
    result: result(row),
    notificationStatus: row.notification_status,
    refunds: row.refunds?.map(toOrderRefund),
  } as MaybePresent<PaymentOrder>); // each plain property from the column of its name, as the entity types it
}

function toOrderRefund(refund: RefundJson): OrderRefund {
  return present<OrderRefund>({
    refundId: refund.refund_id,
    status: refund.status,
    backAmount: moneyOf(refund.back_currency, refund.back_value),
    refundAmount: moneyOf(refund.refund_currency, refund.refund_value),
    refundTime: refund.refund_time,
    requestedAt: new Date(refund.created_at),
  });
}

export function moneyOf(currency: string | null, value: string | null): Money | undefined {
  return currency === null || value === null ? undefined : keptMoney({ currency, value });
}

function result(row: OrderRow): PaymentResult | undefined {
  if (row.result_status === null || row.result_code === null) return undefined;
  return {
    resultStatus: row.result_status,
    resultCode: row.result_code,
    resultMessage: row.result_message ?? '',
  };
}
