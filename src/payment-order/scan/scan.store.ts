import { Injectable } from '@nestjs/common';
import { jsonBytes } from '../../platform/database/columns.js';
import { Database } from '../../platform/database/database.js';
import { GroupedWrites } from '../../platform/database/grouped-writes.js';
import { placeOf } from '../../platform/sealing/sealed-column.js';
import {
  DECODE_ANSWER,
  evidenceValues,
  sealedEvidence,
  withEvidence,
  type ExchangeEvidence,
} from '../evidence/exchange-evidence.js';
import { ONE_COMMIT } from '../order/statement-parts.js';
import { PAUSE_DECODING } from './decode-budget.sql.js';
import type { ClaimedScan, NewScan, Scan } from './scan.js';
import { SCAN_REQUEST, toScan, type BEGUN_COLUMNS, type ScanRow } from './scan.row.js';
import * as sql from './scan.sql.js';

export type BegunScan =
  /** Begun and claimed by us, to ask at once, unless a pause of all processes says later. */
  | { readonly outcome: 'begun'; readonly scan: Scan; readonly mayAskNow: boolean }
  /** The same code stands already, for whoever scanned it first. */
  | { readonly outcome: 'standing'; readonly scan: Scan };

/** Who may claim a scan. */
export interface ScanClaimRequest {
  readonly leaseMs: number;
  /** How much before it is due. */
  readonly earlyMs: number;
  /** Between two calls of the whole fleet. Absent: the call is paid for. */
  readonly gapMs?: number;
}

/** Whose answers are counted. */
export interface AnsweredScans {
  readonly by: 'scan' | 'customer';
  /** The one that is not counted. */
  readonly except: string;
  readonly withinMs: number;
  /** Never more than this is counted. */
  readonly most: number;
}

/** A second query finds what the first one missed; a third one is for scans that ended meanwhile. */
const MAX_LOOKS = 10;

/** Keeps scans: committed before Alipay+ is asked, moved only by the process that holds the claim. */
@Injectable()
export class ScanStore {
  private readonly beginnings = new GroupedWrites(
    (scans: readonly NewScan[]) => this.beginAll(scans),
    ONE_COMMIT,
  );

  constructor(private readonly database: Database) {}

  /** What a scan of that code is found by. */
  codeHash(codeValue: string): Buffer {
    return this.database.sealing.digest(codeValue);
  }

  /** Commits the scan together with others that come in the same moment. */
  async begin(scan: NewScan): Promise<BegunScan> {
    for (let look = 1; look <= MAX_LOOKS; look += 1) {
      const { row } = await this.beginnings.write(scan);
      // Neither begun nor found: another one for this code began while this statement looked. It can be seen now.
      if (!row) continue;
      return row.begun
        ? { outcome: 'begun', scan: toScan(row), mayAskNow: row.leased }
        : { outcome: 'standing', scan: toScan(row) };
    }
    throw new Error(`scan ${scan.scanId} could neither be begun nor found`);
  }

  /** The scan, if it is due and not claimed, and the budget of all processes has a call left. */
  async claim(
    scanId: string,
    { leaseMs, earlyMs, gapMs }: ScanClaimRequest,
  ): Promise<ClaimedScan | undefined> {
    type Row = ScanRow & { request_body: Buffer; is_overdue: boolean };
    const [row] = await this.database.run<Row>(sql.CLAIM_SCAN, [scanId, leaseMs, earlyMs, gapMs ?? null]);
    if (!row) return undefined;
    const { request_body: kept, is_overdue: isOverdue } = row;
    // One that is only to be ended must not wait for a key.
    const requestBody = isOverdue ? kept : this.database.sealing.open(placeOf(SCAN_REQUEST, [scanId]), kept);
    return { ...toScan(row), requestBody, isOverdue };
  }

  async find(scanId: string): Promise<Scan | undefined> {
    const [row] = await this.database.run<ScanRow>(sql.FIND_SCAN, [scanId]);
    return row && toScan(row);
  }

  async finished(scanIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.database.run<{ id: string }>(sql.FINISHED_SCANS, [scanIds]);
    return rows.map((row) => row.id);
  }

  async reject(scanId: string, evidence: ExchangeEvidence, resultCode: string): Promise<Scan | undefined> {
    return withEvidence(this.sealed(scanId, evidence), async (kept) => {
      const values = [scanId, ...evidenceValues(kept), resultCode];
      const [row] = await this.database.run<ScanRow>(sql.REJECT_SCAN, values);
      return row && toScan(row);
    });
  }

  /**
   * Sets the next attempt; the last one is not counted when `counts` is false. Undefined when the scan has ended
   * meanwhile.
   */
  async postpone(
    scanId: string,
    evidence: ExchangeEvidence,
    next: { readonly delayMs: number; readonly counts: boolean },
  ): Promise<Scan | undefined> {
    return withEvidence(this.sealed(scanId, evidence), async (kept) => {
      const values = [scanId, ...evidenceValues(kept), next.delayMs, next.counts];
      const [row] = await this.database.run<ScanRow>(sql.POSTPONE_SCAN, values);
      return row && toScan(row);
    });
  }

  /** Sets the next attempt although none was made. */
  async defer(scanId: string, delayMs: number): Promise<Scan | undefined> {
    const [row] = await this.database.run<ScanRow>(sql.DEFER_SCAN, [scanId, delayMs]);
    return row && toScan(row);
  }

  async giveUp(scanId: string): Promise<Scan | undefined> {
    const [row] = await this.database.run<ScanRow>(sql.GIVE_UP_SCAN, [scanId]);
    return row && toScan(row);
  }

  async pause(pauseMs: number): Promise<void> {
    await this.database.run(PAUSE_DECODING, [pauseMs]);
  }

  /** How many different scans or customers got an answer with one of these codes lately, from any process. */
  async countAnswered(
    resultCodes: readonly string[],
    { by, except, withinMs, most }: AnsweredScans,
  ): Promise<number> {
    const values = [resultCodes, withinMs, most, by === 'customer', except];
    const [row] = await this.database.run<{ count: number }>(sql.COUNT_ANSWERED, values);
    return row?.count ?? 0;
  }

  private sealed(scanId: string, evidence: ExchangeEvidence): ExchangeEvidence {
    return sealedEvidence(this.database.sealing, DECODE_ANSWER, scanId, evidence);
  }

  private async beginAll(scans: readonly NewScan[]): Promise<{ readonly row: BegunRow | undefined }[]> {
    const values = [JSON.stringify(scans.map((scan) => this.toWrite(scan)))];
    const rows = await this.database.run<BegunRow>(sql.BEGIN_SCANS, values);
    const found = new Map(rows.map((row) => [row.asked, row]));
    return scans.map(({ scanId }) => ({ row: found.get(scanId) }));
  }

  private toWrite(scan: NewScan): Record<keyof typeof BEGUN_COLUMNS, unknown> {
    const place = placeOf(SCAN_REQUEST, [scan.scanId]);
    return {
      scan_id: scan.scanId,
      customer_id: scan.customerId,
      code_hash: jsonBytes(scan.codeHash),
      request_body: jsonBytes(this.database.sealing.seal(place, scan.requestBody, false)),
      window_ms: scan.windowMs,
      lease_ms: scan.leaseMs,
      traceparent: scan.traceparent,
    };
  }
}

interface BegunRow extends ScanRow {
  /** The scan that was to begin, also where another one stands. */
  readonly asked: string;
  readonly begun: boolean;
  readonly leased: boolean;
}
