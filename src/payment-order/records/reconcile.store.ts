import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { CustomerId, DebitKey, PaymentId, PaymentRequestId, RefundKey } from '../order/ids.js';
import type { Amount } from '../order/money.js';
import type { DebitStatus, PaymentStatus } from '../order/payment-status.js';
import type { RefundStatus } from '../refund/refund.js';
import * as sql from './reconcile.sql.js';

export interface ComparedDebit extends Amount {
  readonly key: DebitKey;
  readonly status: DebitStatus;
}

export interface ComparedOrder {
  readonly paymentRequestId: PaymentRequestId;
  readonly paymentId: PaymentId;
  readonly customerId: CustomerId;
  readonly status: PaymentStatus;
  /** What we owe Alipay+ for it; absent for an order that says none, which is never paid. */
  readonly payTo?: Amount;
  readonly debits: readonly ComparedDebit[];
}

export interface ComparedRefund extends Amount {
  readonly refundRequestId: string;
  readonly paymentRequestId: PaymentRequestId;
  readonly status: RefundStatus;
}

export interface DebitOfWindow extends ComparedDebit {
  readonly paymentRequestId: PaymentRequestId;
  readonly customerId: CustomerId;
  readonly orderStatus: PaymentStatus;
  readonly payTo?: Amount;
  readonly at: Date;
}

export interface RefundOfWindow extends Omit<ComparedRefund, 'status'> {
  readonly at: Date;
}

interface PayToRow {
  readonly pay_to_currency: string | null;
  readonly pay_to_value: string | null;
}

interface OrderRow extends PayToRow {
  readonly payment_request_id: PaymentRequestId;
  readonly payment_id: PaymentId;
  readonly customer_id: CustomerId;
  readonly status: PaymentStatus;
  readonly debits: readonly ComparedDebit[];
}

interface RefundRow extends Amount {
  readonly refund_request_id: string;
  readonly payment_request_id: PaymentRequestId;
}

interface DebitRow extends PayToRow, Amount {
  readonly debit_id: DebitKey;
  readonly created_at: Date;
  readonly at: string;
  readonly status: DebitStatus;
  readonly customer_id: CustomerId;
  readonly payment_request_id: PaymentRequestId;
  readonly order_status: PaymentStatus;
}

const ROWS_AT_ONCE = 1_000;

/** Reads our books to compare them with others, a page at a time; a database role with `select` is enough. */
@Injectable()
export class ReconcileStore {
  constructor(private readonly database: Database) {}

  async orders(ids: readonly string[]): Promise<ReadonlyMap<string, ComparedOrder>> {
    const rows = await this.database.run<OrderRow>(sql.ORDERS, [ids]);
    return new Map(rows.map((row) => [row.payment_request_id, orderOf(row)]));
  }

  async refunds(ids: readonly string[]): Promise<ReadonlyMap<string, ComparedRefund>> {
    type Row = RefundRow & { readonly status: RefundStatus };
    const rows = await this.database.run<Row>(sql.REFUNDS, [ids]);
    return new Map(rows.map((row) => [row.refund_request_id, { ...refundOf(row), status: row.status }]));
  }

  async countDebits(from: Date, to: Date): Promise<number> {
    const [row] = await this.database.run<{ count: number }>(sql.COUNT_DEBITS, [from, to]);
    return row?.count ?? 0;
  }

  /** Pages of the debits that were begun in the window and not refused. */
  async *debitsIn(from: Date, to: Date): AsyncGenerator<readonly DebitOfWindow[]> {
    let last: DebitRow | undefined;
    do {
      const values: unknown[] = [from, to, last?.at ?? null, last?.debit_id ?? null, ROWS_AT_ONCE];
      const rows: DebitRow[] = await this.database.run<DebitRow>(sql.DEBITS_IN, values);
      if (rows.length > 0) yield rows.map(debitOf);
      last = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
    } while (last !== undefined);
  }

  /** Pages of the refunds that gave money back in the window. */
  async *refundsIn(from: Date, to: Date): AsyncGenerator<readonly RefundOfWindow[]> {
    type Row = RefundRow & { readonly refund_id: RefundKey; readonly updated_at: Date };
    let last: RefundKey | undefined;
    do {
      const values: unknown[] = [from, to, last ?? null, ROWS_AT_ONCE];
      const rows: Row[] = await this.database.run<Row>(sql.REFUNDS_IN, values);
      if (rows.length > 0) yield rows.map((row) => ({ ...refundOf(row), at: row.updated_at }));
      last = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)?.refund_id;
    } while (last !== undefined);
  }
}

function orderOf(row: OrderRow): ComparedOrder {
  return {
    paymentRequestId: row.payment_request_id,
    paymentId: row.payment_id,
    customerId: row.customer_id,
    status: row.status,
    ...payToOf(row),
    debits: row.debits,
  };
}

function debitOf(row: DebitRow): DebitOfWindow {
  const { debit_id: key, status, currency, value, created_at: at } = row;
  const { payment_request_id: paymentRequestId, customer_id: customerId, order_status: orderStatus } = row;
  return { key, status, currency, value, at, paymentRequestId, customerId, orderStatus, ...payToOf(row) };
}

function refundOf(row: RefundRow): Omit<ComparedRefund, 'status'> {
  const { refund_request_id: refundRequestId, payment_request_id: paymentRequestId, currency, value } = row;
  return { refundRequestId, paymentRequestId, currency, value };
}

function payToOf({ pay_to_currency: currency, pay_to_value: value }: PayToRow): { readonly payTo?: Amount } {
  return currency === null || value === null ? {} : { payTo: { currency, value } };
}
