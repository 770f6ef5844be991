import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { GroupedWrites } from '../../platform/database/grouped-writes.js';
import { claimValues } from '../../platform/delivery/claim-due.js';
import type { Claim, Claimed, ClaimRequest } from '../../platform/delivery/due-claimer.js';
import {
  evidenceJson,
  NOTIFY_ANSWER,
  sealedEvidence,
  withEvidence,
  type ExchangeEvidence,
} from '../evidence/exchange-evidence.js';
import { placeOf } from '../../platform/sealing/sealed-column.js';
import { UnopenedError, type Sealing } from '../../platform/sealing/sealing.js';
import { NOTIFY_BODY } from '../order/frozen-result.js';
import type { NotificationStatus } from '../order/payment-status.js';
import * as sql from './notification.sql.js';
import type { PaymentId } from '../order/ids.js';
import type { NotificationAlarmEntity, NotificationRow } from './notification.entities.js';

/** A claimed notification. */
export interface ClaimedNotification extends Claimed {
  readonly paymentId: PaymentId;
  readonly url: string;
  /** As written in the address; whether the address may be called is decided later. */
  readonly host: string;
  /** Undefined when it is kept sealed and no key here opens it. */
  readonly body: Buffer | undefined;
  readonly bodySha256: Buffer;
  readonly tries: number;
  /** Attempts since its schedule began; a redelivery starts it again. */
  readonly scheduleTries: number;
  /** Who asked for this attempt: an operator, or the schedule. */
  readonly requestedBy: string;
  /** Of the span that settled the order, if that was traced. */
  readonly traceparent?: string;
}

export interface AttemptEnd {
  readonly status: NotificationStatus;
  /** Until the next attempt; only for one that stays pending. */
  readonly delayMs?: number;
  readonly requestedBy: string;
}

export interface NextTry {
  readonly tries: number;
  readonly delayMs: number;
  /** True for the attempt that is the tenth to fail. */
  readonly isAlarming: boolean;
}

/** What is due by the clock for a notification that is not acknowledged. */
export interface OverdueNotification {
  readonly paymentId: PaymentId;
  readonly url: string;
  readonly isParked: boolean;
  readonly tries: number;
  readonly givesUpAt: Date;
  /** The alarms that are to be raised for it now. */
  readonly thresholds: readonly string[];
}

export interface OldestUndelivered {
  readonly status: string;
  readonly host: string;
  readonly ageSeconds: number;
}

interface Attempt {
  readonly paymentId: PaymentId;
  readonly evidence: ExchangeEvidence;
  readonly end: AttemptEnd;
}

const SCHEDULE = 'schedule';
/** Only the next attempt of the same notification waits until an attempt is written. */
const TOGETHER = { most: 100, lingerMs: 5 };

/** Keeps notifications and the evidence of every attempt; their bodies are frozen. */
@Injectable()
export class NotificationStore {
  private readonly attempts = new GroupedWrites(
    (attempts: readonly Attempt[]) => this.recordAll(attempts),
    TOGETHER,
  );

  constructor(private readonly database: Database) {}

  /** Claims what is due, for as long as the lease lasts. */
  async claim(request: ClaimRequest): Promise<Claim<ClaimedNotification>> {
    const rows = await this.database.run<ClaimedRow | NothingClaimed>(
      sql.CLAIM_NOTIFICATIONS,
      claimValues(request),
    );
    const claimed = rows.flatMap((row) =>
      row.payment_id === null ? [] : [toClaimed(row, this.database.sealing)],
    );
    return { claimed, missed: (rows[0]?.found ?? 0) - claimed.length };
  }

  /** Gives claims back that were not used, without counting an attempt. */
  async release(paymentIds: readonly PaymentId[]): Promise<void> {
    await this.database.run(sql.RELEASE_NOTIFICATIONS, [paymentIds]);
  }

  /**
   * Writes an attempt, together with others that end at the same moment.
   *
   * @returns the attempts so far and when the next one is due, or undefined when another process settled it
   */
  async record(
    paymentId: PaymentId,
    evidence: ExchangeEvidence,
    end: AttemptEnd,
  ): Promise<NextTry | undefined> {
    const write = (kept: ExchangeEvidence) => this.attempts.write({ paymentId, evidence: kept, end });
    const sealed = sealedEvidence(this.database.sealing, NOTIFY_ANSWER, paymentId, evidence);
    return (await withEvidence(sealed, write)).next;
  }

  async park(paymentId: PaymentId, why: string): Promise<boolean> {
    const rows = await this.database.run(sql.PARK_NOTIFICATION, [paymentId, why]);
    return rows.length > 0;
  }

  /** Alarms and ends that the clock alone brings, `limit` notifications at most, each one once. */
  async watch(limit: number, whyParked: string): Promise<readonly OverdueNotification[]> {
    type Row = Pick<NotificationRow, 'payment_id' | 'url' | 'status' | 'tries' | 'gives_up_at'> & {
      readonly thresholds: NotificationAlarmEntity['threshold'][];
    };
    const rows = await this.database.run<Row>(sql.WATCH_NOTIFICATIONS, [limit, whyParked]);
    return rows.map((row) => ({
      paymentId: row.payment_id,
      url: row.url,
      isParked: row.status === 'PARKED',
      tries: row.tries,
      givesUpAt: row.gives_up_at,
      thresholds: row.thresholds,
    }));
  }

  async oldestUndelivered(): Promise<OldestUndelivered[]> {
    type Row = Pick<NotificationRow, 'status' | 'host'> & { readonly age_seconds: number };
    const rows = await this.database.run<Row>(sql.OLDEST_UNDELIVERED, []);
    return rows.map(({ status, host, age_seconds: ageSeconds }) => ({ status, host, ageSeconds }));
  }

  private async recordAll(attempts: readonly Attempt[]): Promise<{ readonly next: NextTry | undefined }[]> {
    type Row = Pick<NotificationRow, 'payment_id' | 'tries'> & {
      readonly delay_ms: number | null;
      readonly is_alarming: boolean;
    };
    const values = JSON.stringify(attempts.map(toWrite));
    const rows = await this.database.run<Row>(sql.RECORD_ATTEMPTS, [values]);
    const moved = new Map(rows.map((row) => [row.payment_id, row]));
    return attempts.map(({ paymentId }) => {
      const row = moved.get(paymentId);
      if (!row) return { next: undefined };
      const delayMs = Math.max(0, row.delay_ms ?? 0);
      return { next: { tries: row.tries, delayMs, isAlarming: row.is_alarming } };
    });
  }
}

interface ClaimedRow extends Pick<
  NotificationRow,
  'payment_id' | 'url' | 'host' | 'body' | 'body_sha256' | 'tries' | 'requested_by' | 'traceparent'
> {
  readonly found: number;
  readonly schedule_tries: number;
  readonly late_ms: number;
  readonly is_old: boolean;
}

/** The one row that comes back when nothing was claimed. */
interface NothingClaimed {
  readonly found: number;
  readonly payment_id: null;
}

/** Bytes that were changed are handed on as they are: their hash is not the frozen one, and they are never sent. */
function openedBody({ payment_id: paymentId, body }: ClaimedRow, sealing: Sealing): Buffer | undefined {
  try {
    return sealing.open(placeOf(NOTIFY_BODY, [paymentId]), body);
  } catch (error) {
    if (!(error instanceof UnopenedError)) throw error;
    return error.lacksKey ? undefined : body;
  }
}

function toClaimed(row: ClaimedRow, sealing: Sealing): ClaimedNotification {
  return {
    paymentId: row.payment_id,
    url: row.url,
    host: row.host,
    body: openedBody(row, sealing),
    bodySha256: row.body_sha256,
    tries: row.tries,
    scheduleTries: row.schedule_tries,
    requestedBy: row.requested_by ?? SCHEDULE,
    lateMs: row.late_ms,
    isBacklog: row.is_old,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
}

function toWrite({ paymentId, evidence, end }: Attempt): Record<string, unknown> {
  return {
    payment_id: paymentId,
    ...evidenceJson(evidence),
    status: end.status,
    delay_ms: end.delayMs,
    asked_by: end.requestedBy,
  };
}
