import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import * as sql from './notification.sql.js';
import type { NotificationStatus } from './payment-status.js';
import type { ExchangeEvidence } from './scan.js';
import { evidenceValues } from './scan.store.js';

/** A notification whose turn was won. */
export interface ClaimedNotification {
  readonly paymentId: string;
  readonly url: string;
  readonly body: Buffer;
  readonly bodySha256: Buffer;
  readonly tries: number;
  /** Tries since its schedule began, which a redelivery begins anew. */
  readonly scheduleTries: number;
  /** Who asked for this try: an operator, or the schedule. */
  readonly requestedBy: string;
  readonly givesUpAt: Date;
  readonly readAt: Date;
  /** Its time is over: it is parked instead of sent. */
  readonly isOverdue: boolean;
  /** The thresholds that have alarmed already. */
  readonly alarms: readonly string[];
}

export interface AttemptEnd {
  readonly status: NotificationStatus;
  /** Until the next try; only for one that stays pending. */
  readonly delayMs?: number;
  readonly requestedBy: string;
}

export interface NextTry {
  readonly tries: number;
  readonly delayMs: number;
}

export interface OldestUndelivered {
  readonly status: string;
  readonly ageSeconds: number;
}

interface NextTryRow {
  readonly tries: number;
  readonly delay_ms: string | null;
}

const SCHEDULE = 'schedule';

/** Keeps notifications and the evidence of every try; their bodies are frozen. */
@Injectable()
export class NotificationStore {
  constructor(private readonly database: Database) {}

  async claim(paymentId: string, leaseMs: number, earlyMs: number): Promise<ClaimedNotification | undefined> {
    interface Row {
      payment_id: string;
      url: string;
      body: Buffer;
      body_sha256: Buffer;
      tries: number;
      schedule_tries: number;
      requested_by: string | null;
      gives_up_at: Date;
      now: Date;
      is_overdue: boolean;
      alarms: string[];
    }
    const [row] = await this.database.run<Row>(sql.CLAIM_NOTIFICATION, [paymentId, leaseMs, earlyMs]);
    if (!row) return undefined;
    return {
      paymentId: row.payment_id,
      url: row.url,
      body: row.body,
      bodySha256: row.body_sha256,
      tries: row.tries,
      scheduleTries: row.schedule_tries,
      requestedBy: row.requested_by ?? SCHEDULE,
      givesUpAt: row.gives_up_at,
      readAt: row.now,
      isOverdue: row.is_overdue,
      alarms: row.alarms,
    };
  }

  /** @returns the tries so far and when the next one is due, or undefined when it was settled by somebody else */
  async record(paymentId: string, evidence: ExchangeEvidence, end: AttemptEnd): Promise<NextTry | undefined> {
    const [row] = await this.database.run<NextTryRow>(sql.RECORD_ATTEMPT, [
      paymentId,
      ...evidenceValues(evidence),
      end.status,
      end.delayMs ?? null,
      end.requestedBy,
    ]);
    return row && toNextTry(row);
  }

  /** Puts the next try off without counting one. */
  async defer(paymentId: string, delayMs: number): Promise<NextTry | undefined> {
    const [row] = await this.database.run<NextTryRow>(sql.DEFER_NOTIFICATION, [paymentId, delayMs]);
    return row && toNextTry(row);
  }

  async park(paymentId: string, why: string): Promise<boolean> {
    const rows = await this.database.run(sql.PARK_NOTIFICATION, [paymentId, why]);
    return rows.length > 0;
  }

  /** True for the one caller who is to raise this alarm. */
  async raise(paymentId: string, threshold: string): Promise<boolean> {
    const rows = await this.database.run(sql.RAISE_ALARM, [paymentId, threshold]);
    return rows.length > 0;
  }

  async oldestUndelivered(): Promise<OldestUndelivered[]> {
    const rows = await this.database.run<{ status: string; age_seconds: number }>(sql.OLDEST_UNDELIVERED, []);
    return rows.map((row) => ({ status: row.status, ageSeconds: row.age_seconds }));
  }
}

function toNextTry({ tries, delay_ms: delayMs }: NextTryRow): NextTry {
  return { tries, delayMs: Math.max(0, Number(delayMs ?? 0)) };
}
