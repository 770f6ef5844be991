import { selected } from '../../platform/database/columns.js';
import { present, type MaybePresent } from '../../platform/present.js';
import { keptMoney, type Money } from './money.js';
import { PLAIN_COLUMNS, READ_COLUMNS, type ReadRow } from './payment-order.columns.js';
import type { PaymentOrder } from './payment-order.js';
import type { PaymentResult } from './payment-result.js';
import type { NotificationStatus } from './payment-status.js';

/** The columns of an order as every statement of the stores returns them; `o` names the row, `n` its notification. */
export const ORDER_COLUMNS = selected('o', READ_COLUMNS);

export interface OrderRow extends ReadRow {
  readonly notification_status?: NotificationStatus | null;
  readonly now: Date;
}

export function toPaymentOrder(row: OrderRow): PaymentOrder {
  const plain: Record<string, unknown> = {};
  for (const [property, column] of PLAIN_COLUMNS) plain[property] = row[column];
  return present<PaymentOrder>({
    ...plain,
    readAt: row.now,
    paymentAmount: moneyOf(row.payment_currency, row.payment_value),
    payToAmount: moneyOf(row.pay_to_currency, row.pay_to_value),
    payAmount: moneyOf(row.pay_currency, row.pay_value),
    result: result(row),
    notificationStatus: row.notification_status,
  } as MaybePresent<PaymentOrder>); // each plain property from the column of its name, as the entity types it
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
