import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FrozenResult } from './frozen-result.js';
import type { PaymentOrder } from './payment-order.js';
import { toPaymentOrder, type OrderRow } from './payment-order.row.js';
import * as sql from './payment-order.sql.js';
import { closed } from './payment-result.js';

/** A debit under way decides for itself, and a paid order has money to give back: neither is closed here. */
export const UNPAID_ORIGINS = {
  DECLINED: ['AWAITING_CONFIRMATION'],
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

  async find(paymentId: string): Promise<PaymentOrder | undefined> {
    const [row] = await this.database.run<OrderRow>(sql.FIND_ORDER, [paymentId]);
    return row && toPaymentOrder(row);
  }

  /** Those of the named orders whose debit is no longer under way. */
  async settled(paymentIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.database.run<{ id: string }>(sql.SETTLED_ORDERS, [paymentIds]);
    return rows.map((row) => row.id);
  }

  decline(order: PaymentOrder, actor: string): Promise<PaymentOrder | undefined> {
    return this.close(order, 'DECLINED', actor, false);
  }

  /** Closes an order whose time is over by the database's clock; undefined when it is not, or was moved meanwhile. */
  expire(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    return this.close(order, 'EXPIRED', 'sweep', true);
  }

  /** Closes an unpaid order that Alipay+ cancelled. */
  cancelUnpaid(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    return this.close(order, 'CANCELLED', 'alipay-plus', false);
  }

  private async close(
    order: PaymentOrder,
    event: 'DECLINED' | 'EXPIRED' | 'CANCELLED',
    actor: string,
    onlyAfterExpiry: boolean,
  ): Promise<PaymentOrder | undefined> {
    const result = closed(event);
    const message = this.frozen.messageOf(order, result);
    const [row] = await this.database.run<OrderRow>(sql.CLOSE_ORDER, [
      order.paymentId,
      event,
      event,
      UNPAID_ORIGINS[event],
      result.resultCode,
      result.resultMessage,
      actor,
      order.notifyUrl,
      message.body,
      message.sha256,
      onlyAfterExpiry,
    ]);
    return row && toPaymentOrder(row);
  }
}
