import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import type { DueRow } from '../order/work.js';
import * as sql from './sweep.sql.js';
import type { PaymentId, PaymentRequestId } from '../order/ids.js';

/** How many rows one query takes. */
export interface Share {
  /** How long past due a row has to be. */
  readonly graceMs: number;
  /** For how long no other process claims what was claimed. */
  readonly restMs: number;
  readonly limit: number;
}

/** Something that is due, and for how long it has been. */
export interface Late {
  readonly lateMs: number;
}

/** What is taken row by row, whatever else is under way. */
export type SweptWork = keyof typeof sql.TAKE_ROWS;
export type LateRow = DueRow & Late;

export interface LateScan extends LateRow {
  /** Of the request that brought it, if that was traced. */
  readonly traceparent?: string;
}
export type LateOrder = Late & { readonly order: PaymentOrder };
export type LateCancel = Late & {
  readonly paymentId: PaymentId;
  readonly paymentRequestId: PaymentRequestId;
};

interface FoundRow extends DueRow {
  readonly late_ms: number;
}

/** Hands overdue rows to sweepers, each row to one of them at a time, the longest waiting first. */
@Injectable()
export class SweepStore {
  constructor(private readonly database: Database) {}

  async take(kind: SweptWork, share: Share): Promise<LateRow[]> {
    return (await this.database.run<FoundRow>(sql.TAKE_ROWS[kind], valuesOf(share))).map(toLateRow);
  }

  /**
   * Scans that are due, and with them the calls to ask for them: no more than the fleet may make.
   *
   * @param gapMs between two calls of the whole fleet
   * @returns also how many were allowed; when that many were found, there may be more
   */
  async takeScans(share: Share, gapMs: number): Promise<{ rows: LateScan[]; allowed: number }> {
    type Found = FoundRow & { readonly traceparent: string | null };
    type Row = { allowed: number } & (Found | { id: null });
    const rows = await this.database.run<Row>(sql.TAKE_SCANS, [...valuesOf(share), gapMs]);
    return {
      rows: rows
        .filter((row) => row.id !== null)
        .map((row) =>
          row.traceparent === null ? toLateRow(row) : { ...toLateRow(row), traceparent: row.traceparent },
        ),
      allowed: rows[0]?.allowed ?? 0,
    };
  }

  /** Expired orders that were not confirmed. */
  async takeExpired(share: Share): Promise<LateOrder[]> {
    const rows = await this.database.run<OrderRow & { late_ms: number }>(sql.TAKE_EXPIRED, valuesOf(share));
    return rows.map((row) => ({ order: toPaymentOrder(row, this.database.sealing), lateMs: row.late_ms }));
  }

  /** Cancels that died half-way, or came before the order they are for. */
  async takeUnfinishedCancels(share: Share): Promise<LateCancel[]> {
    interface Row {
      id: string;
      payment_request_id: PaymentRequestId;
      late_ms: number;
    }
    const rows = await this.database.run<Row>(sql.TAKE_UNFINISHED, valuesOf(share));
    return rows.map((row) => ({
      paymentId: row.id,
      paymentRequestId: row.payment_request_id,
      lateMs: row.late_ms,
    }));
  }

  /**
   * One that could not be moved rests longer.
   *
   * @returns whether it was not reported within `tellAgainMs`
   */
  async putOff(
    kind: 'expiry' | 'cancel',
    paymentId: PaymentId,
    { restMs, tellAgainMs }: { readonly restMs: number; readonly tellAgainMs: number },
  ): Promise<boolean> {
    const values = [kind, paymentId, restMs, tellAgainMs];
    const [row] = await this.database.run<{ is_news: boolean }>(sql.PUT_OFF, values);
    return row?.is_news === true;
  }

  /** Drops what is no longer needed. */
  async forget(olderThanMs: number, limit: number): Promise<void> {
    await this.database.run(sql.FORGET_RESTS, [olderThanMs, limit]);
  }
}

function toLateRow({ id, turn, late_ms: lateMs }: FoundRow): LateRow {
  return { id, turn, lateMs };
}

function valuesOf({ graceMs, restMs, limit }: Share): number[] {
  return [graceMs, restMs, limit];
}
