import { createHash } from 'node:crypto';
import type { PaymentId } from '../order/ids.js';
import {
  windowOf,
  type RecordAnchor,
  type RecordAnchorStore,
  type RecordWindow,
} from './record-anchor.store.js';
import {
  CHAINED_RECORDS,
  chainOf,
  rowFault,
  rowLine,
  type ChainedRecord,
  type DayDigest,
  type RowFault,
} from './record-digests.js';

const DAY_MS = 86_400_000;

export interface RecordFault {
  readonly record: ChainedRecord | 'payment_order' | 'record_anchor';
  readonly fault:
    | RowFault
    /** In the list that was given, and not in the table. */
    | 'MISSING'
    /** The rows of a day are not those that were anchored. */
    | 'DAY_DIFFERS'
    /** An anchor does not follow from the one before, or there is none for a day between two others. */
    | 'ANCHOR_CHANGED'
    | 'ANCHOR_MISSING'
    /** An order stands where no row of its history leads: the last rows are gone. */
    | 'NOT_IN_HISTORY';
  /** Of the row; of the missing one where a row is missing. */
  readonly id?: string;
  readonly paymentId?: PaymentId;
  readonly day?: string;
  readonly detail?: string;
}

export interface VerifyOptions {
  /** Days in UTC; without them, from when digests began until today. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly paymentId?: PaymentId | undefined;
  /** Kept outside the database: the digest of a day in the log or in a file. */
  readonly anchors?: readonly KeptAnchor[] | undefined;
  /** Kept outside the database: the lines of a day's list, see `rowLine`. */
  readonly lists?: ReadonlyMap<ChainedRecord, readonly string[]> | undefined;
  readonly progress?: ((day: string, rows: number) => void) | undefined;
}

export interface KeptAnchor {
  readonly record: ChainedRecord;
  readonly day: string;
  readonly rows: number;
  readonly digest: string;
  readonly chain: string;
}

export interface Verified {
  readonly rows: number;
  /** Those among them without a digest that may be older than digests: nothing tells whether they were changed. */
  readonly rowsWithoutDigest: number;
  readonly days: number;
  readonly faults: readonly RecordFault[];
  /** Days compared with an anchor that came from outside the database. */
  readonly daysKeptOutside: number;
}

/**
 * Reads every row of the days again and compares it with its digest, its predecessor, its day and what was kept
 * outside.
 */
export class VerifyRecords {
  private readonly faults: RecordFault[] = [];
  private rows = 0;
  private rowsWithoutDigest = 0;
  private daysKeptOutside = 0;

  constructor(
    private readonly store: RecordAnchorStore,
    private readonly options: VerifyOptions,
    private readonly now: Date,
  ) {}

  async run(): Promise<Verified> {
    const days = new Set<string>();
    for (const record of CHAINED_RECORDS) {
      const beganOn = await this.store.beganOn(record);
      if (beganOn === undefined) this.faults.push({ record, fault: 'ANCHOR_MISSING', detail: 'all of them' });
      const [first, last] = this.span(beganOn);
      await this.verifyAnchors(record, first, last);
      for (const day of daysBetween(first, last)) {
        days.add(day);
        await this.verifyDay(record, day, beganOn === undefined || day > beganOn);
      }
      const window = { ...windowOf(first), to: windowOf(last).to, paymentId: this.options.paymentId };
      if (record === 'payment_history') await this.verifyOrders(window);
    }
    const { faults, rows, rowsWithoutDigest, daysKeptOutside } = this;
    return { rows, rowsWithoutDigest, days: days.size, faults, daysKeptOutside };
  }

  private span(beganOn: string | undefined): readonly [string, string] {
    const today = this.now.toISOString().slice(0, 10);
    const { from = beganOn ?? today, to = today } = this.options;
    return [from, to < from ? from : to];
  }

  private async verifyDay(record: ChainedRecord, day: string, isChainedFromStart: boolean): Promise<void> {
    const { paymentId, progress, lists } = this.options;
    const hash = createHash('sha256');
    const left = listed(lists?.get(record));
    let rows = 0;
    let isChained = isChainedFromStart;
    for await (const page of this.store.rows(record, { ...windowOf(day), paymentId })) {
      for (const row of page) {
        const fault = rowFault(row, isChained);
        const id = fault === 'PREDECESSOR_MISSING' ? (row.previousId ?? row.id) : row.id;
        if (fault) this.faults.push({ record, fault, id, paymentId: row.paymentId, day });
        isChained ||= row.digest !== null;
        if (!isChained) this.rowsWithoutDigest += 1;
        hash.update(rowLine(row));
        left.delete(row.id);
      }
      rows += page.length;
      progress?.(day, this.rows + rows);
    }
    this.rows += rows;
    for (const [id, missing] of left)
      this.faults.push({ record, fault: 'MISSING', id, paymentId: missing, day });
    if (paymentId === undefined) await this.verifyDigest({ record, day, rows, digest: hash.digest() });
  }

  /** The day as it is now, against what was anchored inside and outside the database. */
  private async verifyDigest(now: DayDigest): Promise<void> {
    const { record, day } = now;
    const [inside] = await this.store.anchors(record, day, day);
    const outside = this.options.anchors?.find((kept) => kept.record === record && kept.day === day);
    if (outside) this.daysKeptOutside += 1;
    const kept = outside ?? (inside && { ...inside, digest: inside.digest.toString('hex') });
    if (kept && (kept.digest !== now.digest.toString('hex') || kept.rows !== now.rows))
      this.faults.push({
        record,
        fault: 'DAY_DIFFERS',
        day,
        detail: `${kept.rows} rows then, ${now.rows} now`,
      });
    const isReplaced = outside && inside?.chain.toString('hex') !== outside.chain;
    if (isReplaced)
      this.faults.push({ record: 'record_anchor', fault: 'ANCHOR_CHANGED', day, detail: record });
  }

  /** Each anchor follows from the one before it, and no day is left out. */
  private async verifyAnchors(record: ChainedRecord, first: string, last: string): Promise<void> {
    let before: RecordAnchor | undefined;
    for (const anchor of await this.store.anchors(record, dayBefore(first), last)) {
      const { day } = anchor;
      const fault = before && faultBetween(before, anchor);
      if (fault) this.faults.push({ record: 'record_anchor', fault, day, detail: record });
      before = anchor;
    }
  }

  private async verifyOrders(window: RecordWindow): Promise<void> {
    for await (const { paymentId, status } of this.store.ordersWithoutHistory(window))
      this.faults.push({ record: 'payment_order', fault: 'NOT_IN_HISTORY', paymentId, detail: status });
  }
}

function faultBetween(
  before: RecordAnchor,
  anchor: RecordAnchor,
): 'ANCHOR_MISSING' | 'ANCHOR_CHANGED' | undefined {
  if (dayBefore(anchor.day) !== before.day) return 'ANCHOR_MISSING';
  return chainOf(before.chain, anchor).equals(anchor.chain) ? undefined : 'ANCHOR_CHANGED';
}

function listed(lines: readonly string[] = []): Map<string, PaymentId> {
  return new Map(
    lines.map((line) => {
      const [id = '', paymentId = ''] = line.split(' ');
      return [id, paymentId];
    }),
  );
}

function dayBefore(day: string): string {
  return shifted(day, -DAY_MS);
}

function* daysBetween(first: string, last: string): Generator<string> {
  for (let day = first; day <= last; day = shifted(day, DAY_MS)) yield day;
}

function shifted(day: string, byMs: number): string {
  return new Date(Date.parse(day) + byMs).toISOString().slice(0, 10);
}
