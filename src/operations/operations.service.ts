import { Injectable } from '@nestjs/common';
import { PaymentOrderStore } from '../payment-order/payment-order.store.js';
import { Database } from '../platform/database/database.js';
import { problemsOf } from '../platform/http/problem-table.js';
import type { SearchPaymentsQuery } from './dto/search-payments.query.js';
import * as sql from './operations.sql.js';
import { readCursor, writeCursor, type PageCursor } from './page-cursor.js';

export const PAYMENTS_OPERATE = 'payments:operate';

const refuse = problemsOf({
  NOT_FOUND: { status: 404, title: 'Not found', detail: 'There is nothing under this id.' },
  INVALID_REQUEST: { status: 400, title: 'Invalid request', detail: 'Some fields break their rule.' },
});

interface FoundRow {
  readonly payment_id: string;
  readonly payment_request_id: string;
  readonly customer_id: string;
  readonly status: string;
  readonly pay_currency: string | null;
  readonly pay_value: string | null;
  readonly merchant_name: string | null;
  readonly created_at: Date;
  /** To the microsecond, which a Date cannot hold. */
  readonly cursor_at: string;
  readonly notification_status: string | null;
}

interface TimelineRow {
  readonly at: Date;
  readonly what: string;
  readonly detail: Record<string, unknown>;
}

/** The operator's view of payments: what is known, from the rows that decide. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly database: Database,
    private readonly orders: PaymentOrderStore,
  ) {}

  async search(query: SearchPaymentsQuery): Promise<Record<string, unknown>> {
    const limit = Number(query.limit ?? 50);
    const cursor = cursorOf(query);
    const rows = await this.database.run<FoundRow>(
      sql.SEARCH,
      [
        query.paymentRequestId,
        query.customerId,
        query.status,
        cursor?.createdAt,
        cursor?.paymentId,
        limit + 1,
      ].map((value) => value ?? null),
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      payments: page.map(foundView),
      ...(last && {
        nextCursor: writeCursor({ createdAt: last.cursor_at, paymentId: last.payment_id }),
      }),
    };
  }

  async read(paymentId: string): Promise<Record<string, unknown>> {
    const order = await this.orders.find(paymentId);
    if (!order) throw refuse('NOT_FOUND');
    const [debits, notifications, inquiries, timeline] = await Promise.all([
      this.database.run<Record<string, unknown>>(sql.DEBITS_OF, [paymentId]),
      this.database.run<Record<string, unknown>>(sql.NOTIFICATION_OF, [paymentId]),
      this.database.run<Record<string, unknown>>(sql.INQUIRIES_OF, [order.paymentRequestId]),
      this.database.run<TimelineRow>(sql.TIMELINE, [paymentId]),
    ]);
    return {
      paymentId,
      paymentRequestId: order.paymentRequestId,
      customerId: order.customerId,
      status: order.status,
      heldReason: order.heldReason,
      contentConflict: order.contentConflict,
      expiresAt: order.expiresAt.toISOString(),
      result: order.result,
      paymentTime: order.paymentTime,
      debits: debits.map(camelKeys),
      notification: notifications.map(camelKeys)[0],
      inquiries: inquiries.map(camelKeys)[0],
      timeline: timeline.map(timelineView),
    };
  }
}

function cursorOf({ cursor }: SearchPaymentsQuery): PageCursor | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor);
  if (read) return read;
  throw refuse('INVALID_REQUEST', {
    errors: [{ field: 'cursor', rule: 'must be a cursor of an earlier answer' }],
  });
}

function foundView(row: FoundRow): Record<string, unknown> {
  return {
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    customerId: row.customer_id,
    status: row.status,
    payAmount: row.pay_currency === null ? undefined : { currency: row.pay_currency, value: row.pay_value },
    merchantName: row.merchant_name ?? undefined,
    notificationStatus: row.notification_status ?? undefined,
    createdAt: row.created_at.toISOString(),
  };
}

function timelineView({ at, what, detail }: TimelineRow): Record<string, unknown> {
  const { answer, ...rest } = detail;
  // Kept without its secrets when it came; as bytes, because nothing is known of an answer beforehand.
  const text = typeof answer === 'string' ? { answer: Buffer.from(answer, 'base64').toString('utf8') } : {};
  return { at: at.toISOString(), what, ...rest, ...text };
}

/** Columns are snake_case, answers camelCase; a null is an absent field. */
function camelKeys(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
