import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { GroupedWrites } from '../../platform/database/grouped-writes.js';
import { claimValues } from '../../platform/delivery/claim-due.js';
import type { Claim, Claimed, ClaimRequest } from '../../platform/delivery/due-claimer.js';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { present } from '../../platform/present.js';
import type { PaymentId } from '../order/ids.js';
import type { PaymentStatus } from '../order/payment-status.js';
import type { DeliveryRow, EventRow } from './event.entities.js';
import * as sql from './event.sql.js';
import type { DeliveryStatus, EventType } from './event-type.js';

/** A receiver of events. */
export interface NamedEndpoint {
  readonly name: string;
  /** Absent: all. */
  readonly types?: readonly EventType[];
}

export interface ClaimedDelivery extends Claimed {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly endpoint: string;
  readonly tries: number;
  /** Attempts since its schedule began; an operator's request starts it again. */
  readonly scheduleTries: number;
  /** Who asked for this attempt: an operator, or the schedule. */
  readonly requestedBy: string;
  /** An earlier event of the same payment has not been delivered yet. */
  readonly isBlocked: boolean;
}

/** A change, and the bytes of its event once they are written. */
export interface WalletEvent {
  readonly eventId: string;
  readonly type: EventType;
  readonly about:
    | { readonly kind: 'payment'; readonly paymentId: PaymentId; readonly change: PaymentChange }
    | { readonly kind: 'scan'; readonly scanId: string };
  readonly at: Date;
  readonly body?: Buffer;
}

interface PaymentChange {
  readonly fromStatus?: PaymentStatus;
  readonly toStatus: PaymentStatus;
  readonly refundId?: string;
}

export interface DeliveryEnd {
  readonly status: DeliveryStatus;
  readonly outcome: string;
  /** Until the next attempt; only of one that stays pending. */
  readonly delayMs?: number;
  readonly requestedBy: string;
}

export interface RecordedDelivery {
  readonly tries: number;
  readonly delayMs: number;
  /** The next event of the same payment is due now. */
  readonly hasNext: boolean;
}

export interface ParkedDelivery {
  readonly eventId: string;
  readonly endpoint: string;
  readonly type: EventType;
  readonly tries: number;
  /** Whether the endpoint is still in the list. */
  readonly isTold: boolean;
}

export interface OldestDelivery {
  readonly endpoint: string;
  readonly status: DeliveryStatus;
  readonly ageSeconds: number;
}

/** The bytes are kept sealed. */
export const EVENT_BODY = {
  table: 'wallet_event',
  column: 'body',
  id: 'sequence',
  idType: 'bigint',
  key: ['event_id'],
} as const satisfies SealedColumn;

interface Attempt {
  readonly deliveryId: string;
  readonly end: DeliveryEnd;
}

const SCHEDULE = 'schedule';
const TOGETHER = { most: 100, lingerMs: 5 };

/** Keeps events and their deliveries. The events themselves are written by the database, with the changes. */
@Injectable()
export class EventStore {
  private readonly attempts = new GroupedWrites(
    (attempts: readonly Attempt[]) => this.recordAll(attempts),
    TOGETHER,
  );

  constructor(private readonly database: Database) {}

  /** Replaces the list of endpoints. With an empty list no event is written. */
  async setEndpoints(endpoints: readonly NamedEndpoint[]): Promise<void> {
    const values = endpoints.map(({ name, types = null }) => ({ name, types }));
    await this.database.run(sql.SET_ENDPOINTS, [JSON.stringify(values)]);
  }

  /** The names of those that events are written for. */
  async endpoints(): Promise<readonly string[]> {
    return (await this.database.run<{ name: string }>(sql.READ_ENDPOINTS, [])).map(({ name }) => name);
  }

  /** Makes deliveries of what has happened; the caller comes back when `limit` events were found. */
  async spread(
    limit: number,
    tryForMs: number,
  ): Promise<{ readonly events: number; readonly deliveries: number }> {
    type Row = { readonly events: number; readonly deliveries: number };
    const [row] = await this.database.run<Row>(sql.SPREAD_EVENTS, [limit, tryForMs]);
    return row ?? { events: 0, deliveries: 0 };
  }

  async claim(request: ClaimRequest): Promise<Claim<ClaimedDelivery>> {
    const rows = await this.database.run<ClaimedRow | NothingClaimed>(
      sql.CLAIM_DELIVERIES,
      claimValues(request),
    );
    const claimed = rows.flatMap((row) => (row.delivery_id === null ? [] : [toClaimed(row)]));
    return { claimed, missed: (rows[0]?.found ?? 0) - claimed.length };
  }

  /** Gives claims back that were not used, without counting an attempt. */
  async release(deliveryIds: readonly string[]): Promise<void> {
    await this.database.run(sql.RELEASE_DELIVERIES, [deliveryIds]);
  }

  /** Postpones one until the one before it is done. */
  async defer(deliveryId: string): Promise<void> {
    await this.database.run(sql.DEFER_DELIVERY, [deliveryId]);
  }

  /** @throws UnopenedError when its bytes are sealed with a key that is missing: they must not be written again */
  async read(eventId: string): Promise<WalletEvent | undefined> {
    const [row] = await this.database.run<ReadRow>(sql.READ_EVENT, [eventId]);
    return row && toEvent(row, this.opened(eventId, row.body));
  }

  /** The bytes to send: these, or those that were written before. */
  async freeze(eventId: string, body: Buffer): Promise<Buffer | undefined> {
    const sealed = this.database.sealing.seal(placeOf(EVENT_BODY, [eventId]), body);
    const [row] = await this.database.run<{ body: Buffer }>(sql.FREEZE_EVENT, [eventId, sealed]);
    return row && this.opened(eventId, row.body);
  }

  /** Undefined when another process settled it. */
  async record(deliveryId: string, end: DeliveryEnd): Promise<RecordedDelivery | undefined> {
    return (await this.attempts.write({ deliveryId, end })).recorded;
  }

  async parkOverdue(limit: number, why: string): Promise<readonly ParkedDelivery[]> {
    type Row = Pick<DeliveryRow, 'event_id' | 'endpoint' | 'tries'> &
      Pick<EventRow, 'type'> & { readonly is_told: boolean };
    const rows = await this.database.run<Row>(sql.PARK_OVERDUE, [limit, why]);
    return rows.map(({ event_id: eventId, endpoint, tries, type, is_told: isTold }) => ({
      eventId,
      endpoint,
      tries,
      type,
      isTold,
    }));
  }

  async oldestUndelivered(): Promise<readonly OldestDelivery[]> {
    type Row = Pick<DeliveryRow, 'endpoint' | 'status'> & { readonly age_seconds: number };
    const rows = await this.database.run<Row>(sql.OLDEST_UNDELIVERED, []);
    return rows.map(({ endpoint, status, age_seconds: ageSeconds }) => ({ endpoint, status, ageSeconds }));
  }

  /** @returns how many events are gone; there may be more when it is `limit` */
  async forget(keepDays: number, limit: number): Promise<number> {
    return (await this.database.run(sql.FORGET_EVENTS, [keepDays, limit])).length;
  }

  private opened<Body extends Buffer | null>(eventId: string, body: Body): Body | Buffer {
    return body === null ? body : this.database.sealing.open(placeOf(EVENT_BODY, [eventId]), body);
  }

  private async recordAll(
    attempts: readonly Attempt[],
  ): Promise<{ readonly recorded: RecordedDelivery | undefined }[]> {
    type Row = Pick<DeliveryRow, 'delivery_id' | 'tries'> & {
      readonly delay_ms: number | null;
      readonly has_next: boolean;
    };
    const values = attempts.map(({ deliveryId, end }) => ({
      delivery_id: deliveryId,
      status: end.status,
      outcome: end.outcome,
      delay_ms: end.delayMs,
      asked_by: end.requestedBy,
    }));
    const rows = await this.database.run<Row>(sql.RECORD_DELIVERIES, [JSON.stringify(values)]);
    const moved = new Map(rows.map((row) => [row.delivery_id, row]));
    return attempts.map(({ deliveryId }) => {
      const row = moved.get(deliveryId);
      if (!row) return { recorded: undefined };
      const delayMs = Math.max(0, row.delay_ms ?? 0);
      return { recorded: { tries: row.tries, delayMs, hasNext: row.has_next } };
    });
  }
}

interface ClaimedRow extends Pick<
  DeliveryRow,
  'delivery_id' | 'event_id' | 'endpoint' | 'tries' | 'requested_by'
> {
  readonly found: number;
  readonly schedule_tries: number;
  readonly is_blocked: boolean;
  readonly late_ms: number;
  readonly is_old: boolean;
}

/** The one row that comes back when nothing was claimed. */
interface NothingClaimed {
  readonly found: number;
  readonly delivery_id: null;
}

interface ReadRow extends Pick<EventRow, 'event_id' | 'type' | 'payment_id' | 'scan_id' | 'at' | 'body'> {
  readonly from_status: PaymentStatus | null;
  readonly to_status: PaymentStatus | null;
  readonly refund_id: string | null;
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    endpoint: row.endpoint,
    tries: row.tries,
    scheduleTries: row.schedule_tries,
    requestedBy: row.requested_by ?? SCHEDULE,
    isBlocked: row.is_blocked,
    lateMs: row.late_ms,
    isBacklog: row.is_old,
  };
}

function toEvent(row: ReadRow, body: Buffer | null): WalletEvent {
  return present<WalletEvent>({
    eventId: row.event_id,
    type: row.type,
    about: aboutOf(row),
    at: row.at,
    body,
  });
}

function aboutOf(row: ReadRow): WalletEvent['about'] {
  const { payment_id: paymentId, scan_id: scanId, to_status: toStatus } = row;
  if (scanId !== null) return { kind: 'scan', scanId };
  if (paymentId === null || toStatus === null)
    throw new Error(`event ${row.event_id} is about nothing; the database does not let it be`);
  const change = present<PaymentChange>({
    fromStatus: row.from_status,
    toStatus,
    refundId: row.refund_id,
  });
  return { kind: 'payment', paymentId, change };
}
