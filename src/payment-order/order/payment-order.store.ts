import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FrozenResult } from './frozen-result.js';
import type { PaymentOrder } from './payment-order.js';
import { toPaymentOrder, type OrderRow } from './payment-order.row.js';
import type { PaymentStatus } from './payment-status.js';
import * as sql from './payment-order.sql.js';
import { closed, UNPAYABLE, type PaymentResult } from './payment-result.js';
import {
  ORDERS_OF_CUSTOMER,
  type ListedRow,
  type PageOfPayments,
  type PaymentsOfCustomer,
} from './payments-of-customer.js';
import type { PaymentId } from './ids.js';

/** A debit under way decides how its order ends, and a paid order has money to give back: neither is closed here. */
export const UNPAID_ORIGINS = {
  DECLINED: ['AWAITING_CONFIRMATION', 'HELD'],
  EXPIRED: ['AWAITING_CONFIRMATION', 'HELD'],
  CANCELLED: ['AWAITING_CONFIRMATION', 'HELD'],
} as const;

/** Reads payment orders and moves the unpaid ones; every move is one conditional statement with its history. */
@Injectable()
export class PaymentOrderStore {
  constructor(
    private readonly database: Database,
    private readonly frozen: FrozenResult,
  ) {}

  async find(paymentId: PaymentId): Promise<PaymentOrder | undefined> {
    const [row] = await this.database.run<OrderRow>(sql.FIND_ORDER, [paymentId]);
    return row && toPaymentOrder(row, this.database.sealing);
  }

  /** The payments of a customer, the newest first. */
  async ofCustomer({ limit, ...asked }: PaymentsOfCustomer): Promise<PageOfPayments> {
    const { customerId, statuses = null, from = null, to = null, before } = asked;
    const place = [before?.createdAt ?? null, before?.paymentId ?? null];
    // One row more than is shown tells whether it goes on.
    const values = [customerId, statuses, from, to, ...place, limit + 1];
    const rows = await this.database.run<ListedRow>(ORDERS_OF_CUSTOMER, values);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      payments: shown.map((row) => toPaymentOrder(row, this.database.sealing)),
      ...(last && { end: { createdAt: last.key_text, paymentId: last.payment_id } }),
    };
  }

  /** The named orders whose debit is no longer under way. */
  async settled(paymentIds: readonly PaymentId[]): Promise<readonly string[]> {
    const rows = await this.database.run<{ id: string }>(sql.SETTLED_ORDERS, [paymentIds]);
    return rows.map((row) => row.id);
  }

  decline(order: PaymentOrder, actor: string): Promise<PaymentOrder | undefined> {
    return this.close(order, { event: 'DECLINED', actor });
  }

  /** Ends a held order that can never be paid; undefined when it was moved meanwhile. */
  endUnpayable(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    return this.end(order, {
      event: 'UNPAYABLE',
      status: 'FAILED',
      origins: ['HELD'],
      actor: 'decode',
      result: UNPAYABLE,
    });
  }

  /** Closes an order whose time is over by the database's clock; undefined when it is not, or was moved meanwhile. */
  expire(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    return this.close(order, { event: 'EXPIRED', actor: 'sweep', onlyAfterExpiry: true });
  }

  /** Closes an unpaid order that Alipay+ cancelled. */
  cancelUnpaid(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    return this.close(order, { event: 'CANCELLED', actor: 'alipay-plus' });
  }

  private close(
    order: PaymentOrder,
    { event, ...how }: Pick<UnpaidEnd, 'actor' | 'onlyAfterExpiry'> & { readonly event: ClosingEvent },
  ): Promise<PaymentOrder | undefined> {
    const origins = UNPAID_ORIGINS[event];
    return this.end(order, { event, status: event, origins, result: closed(event), ...how });
  }

  private async end(
    order: PaymentOrder,
    { event, status, origins, result, actor, onlyAfterExpiry = false }: UnpaidEnd,
  ): Promise<PaymentOrder | undefined> {
    const message = this.frozen.messageOf(order, result);
    const [row] = await this.database.run<OrderRow>(sql.CLOSE_ORDER, [
      order.paymentId,
      event,
      status,
      origins,
      result.resultCode,
      result.resultMessage,
      actor,
      order.notifyUrl,
      message.body,
      message.sha256,
      onlyAfterExpiry,
    ]);
    return row && toPaymentOrder(row, this.database.sealing);
  }
}

type ClosingEvent = keyof typeof UNPAID_ORIGINS;

/** How an unpaid order ends. */
interface UnpaidEnd {
  readonly event: ClosingEvent | 'UNPAYABLE';
  readonly status: ClosingEvent | 'FAILED';
  readonly origins: readonly PaymentStatus[];
  readonly result: PaymentResult;
  readonly actor: string;
  readonly onlyAfterExpiry?: boolean;
}
