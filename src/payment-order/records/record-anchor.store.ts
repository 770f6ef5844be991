import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Database } from '../../platform/database/database.js';
import type { PaymentId } from '../order/ids.js';
import * as sql from './record-anchor.sql.js';
import { chainOf, rowLine, type ChainedRecord, type ChainedRow, type DayDigest } from './record-digests.js';

const PAGE_ROWS = 5_000;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** A day's digest with what ties it to the days before. */
export interface RecordAnchor extends DayDigest {
  readonly chain: Buffer;
}

/** Which rows: of the times from `from` to before `to`, of all payments or of one. */
export interface RecordWindow {
  readonly from: Date;
  readonly to: Date;
  readonly paymentId?: PaymentId | undefined;
}

export interface OrderWithoutHistory {
  readonly paymentId: PaymentId;
  readonly status: string;
}

interface StoredRow {
  readonly id: string;
  readonly payment_id: PaymentId;
  readonly digest: Buffer | null;
  readonly previous_id: string | null;
  readonly has_previous: boolean;
  readonly previous_digest: Buffer | null;
  readonly content: string;
}

interface LastAnchor {
  readonly day: string;
  readonly chain: Buffer;
  readonly next_day: string;
  /** Whether the day after it has been over for an hour: longer than any transaction takes. */
  readonly is_over: boolean;
}

/** Reads the append-only tables row by row, and keeps what a day of them comes to. */
@Injectable()
export class RecordAnchorStore {
  constructor(private readonly database: Database) {}

  /** Page by page, by the order of their ids. */
  async *rows(record: ChainedRecord, { from, to, paymentId }: RecordWindow): AsyncGenerator<ChainedRow[]> {
    interface Bounds {
      readonly before_id: string | null;
      readonly last_id: string | null;
    }
    const [bounds] = await this.database.run<Bounds>(sql.BOUNDS[record], [from, to]);
    let after = bounds?.before_id ?? null;
    while (after !== null) {
      const values = [after, bounds?.last_id, from, to, PAGE_ROWS, paymentId ?? null];
      const page = await this.database.run<StoredRow>(sql.ROWS[record], values);
      if (page.length > 0) yield page.map(toChainedRow);
      after = page.length < PAGE_ROWS ? null : (page.at(-1)?.id ?? null);
    }
  }

  /** Orders whose history does not lead to where they stand. */
  async *ordersWithoutHistory({ from, to, paymentId }: RecordWindow): AsyncGenerator<OrderWithoutHistory> {
    interface Row {
      readonly payment_id: PaymentId;
      readonly status: string;
      readonly is_told: boolean;
    }
    let after: string | undefined = NO_ID;
    while (after !== undefined) {
      const values = [after, from, to, PAGE_ROWS, paymentId ?? null];
      const page: Row[] = await this.database.run<Row>(sql.ORDERS_WITHOUT, values);
      for (const { payment_id, status, is_told } of page)
        if (!is_told) yield { paymentId: payment_id, status };
      after = page.length < PAGE_ROWS ? undefined : page.at(-1)?.payment_id;
    }
  }

  /**
   * Anchors the next day that is over, and returns its anchor; undefined when there is none, or another process did it.
   */
  async anchorNextDay(record: ChainedRecord): Promise<RecordAnchor | undefined> {
    const [last] = await this.database.run<LastAnchor>(sql.LAST_ANCHOR, [record]);
    if (!last?.is_over) return undefined;
    const day = await this.digestOf(record, last.next_day);
    const anchor = { ...day, chain: chainOf(last.chain, day) };
    const values = [record, day.day, day.rows, day.digest, anchor.chain, last.day];
    const kept = await this.database.run(sql.KEEP_ANCHOR, values);
    return kept.length > 0 ? anchor : undefined;
  }

  async digestOf(record: ChainedRecord, day: string): Promise<DayDigest> {
    const hash = createHash('sha256');
    let rows = 0;
    for await (const page of this.rows(record, windowOf(day))) {
      rows += page.length;
      for (const row of page) hash.update(rowLine(row));
    }
    return { record, day, rows, digest: hash.digest() };
  }

  /** By their days, from the first to the last day that are given. */
  anchors(record: ChainedRecord, fromDay: string, toDay: string): Promise<RecordAnchor[]> {
    return this.database.run<RecordAnchor>(sql.ANCHORS, [record, fromDay, toDay]);
  }

  /** The day on which digests began, in the middle of it; undefined when the first anchor was taken away. */
  async beganOn(record: ChainedRecord): Promise<string | undefined> {
    const [first] = await this.database.run<{ began_on: string }>(sql.FIRST_ANCHOR, [record]);
    return first?.began_on;
  }
}

/** A day in UTC. */
export function windowOf(day: string): RecordWindow {
  const from = new Date(`${day}T00:00:00Z`);
  return { from, to: new Date(from.getTime() + 86_400_000) };
}

function toChainedRow(row: StoredRow): ChainedRow {
  return {
    id: row.id,
    paymentId: row.payment_id,
    content: row.content,
    digest: row.digest,
    previousId: row.previous_id,
    previousDigest: row.has_previous ? row.previous_digest : undefined,
  };
}
