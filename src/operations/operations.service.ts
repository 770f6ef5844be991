import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { SearchPaymentsQuery } from './dto/search-payments.query.js';
import { refuse } from './operations.problems.js';
import * as sql from './operations.sql.js';
import { readCursor, writeCursor, type PageCursor } from './page-cursor.js';

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

/** Finds payments for operators. */
@Injectable()
export class OperationsService {
  constructor(private readonly database: Database) {}

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
