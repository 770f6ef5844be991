import { present } from '../../platform/present.js';
import { DatabaseClock } from '../order/database-clock.js';
import { moneyOf } from '../order/payment-order.row.js';
import type { DebitStatus } from '../order/payment-status.js';
import type { Debit } from './debit.js';

/** `d` names the row; columns that an order has too get names of their own. */
export const DEBIT_COLUMNS = `
  d.debit_id, d.payment_id, d.customer_id as debit_customer_id, d.currency, d.value, d.not_after,
  d.status as debit_status, d.tries, d.refusal_code`;

export interface DebitRow {
  readonly debit_id: string;
  readonly payment_id: string;
  readonly debit_customer_id: string;
  readonly currency: string;
  readonly value: string;
  readonly not_after: Date;
  readonly debit_status: DebitStatus;
  readonly tries: number;
  readonly refusal_code: string | null;
  readonly now: Date;
}

export function toDebit(row: DebitRow): Debit {
  const amount = moneyOf(row.currency, row.value);
  if (!amount) throw new Error(`debit ${row.debit_id} has no readable amount`);
  return present<Debit>({
    debitId: row.debit_id,
    paymentId: row.payment_id,
    customerId: row.debit_customer_id,
    amount,
    notAfter: row.not_after,
    status: row.debit_status,
    tries: row.tries,
    clock: new DatabaseClock(row.now),
    refusalCode: row.refusal_code,
  });
}
