import { Injectable } from '@nestjs/common';
import type {
  DebitStatus,
  NotificationStatus,
  PaymentStatus,
} from '../../../payment-order/order/payment-status.js';
import { readMoney, type Money } from '../../../payment-order/order/money.js';
import { Database } from '../../../platform/database/database.js';
import * as sql from './in-doubt.sql.js';
import type { CustomerId, PaymentId } from '../../../payment-order/order/ids.js';

/** Only the oldest of each list are shown; the search finds the rest. */
export const SHOWN = 50;

interface Blip {
  readonly paymentId: PaymentId;
  readonly customerId: CustomerId;
  readonly merchantName?: string;
  readonly since: Date;
}

export interface Doubt extends Blip {
  readonly status: DebitStatus | 'REFUND_IN_DOUBT';
  readonly amount?: Money;
  readonly unknownReason?: string;
  readonly tries: number;
  readonly nextAttemptAt: Date;
}

export interface Undelivered extends Blip {
  readonly status: NotificationStatus;
  readonly orderStatus: PaymentStatus;
  readonly tries: number;
  readonly lastOutcome?: string;
}

export interface Held extends Blip {
  readonly heldReason: string;
  readonly expiresAt: Date;
}

export interface RadarView {
  readonly doubts: readonly Doubt[];
  readonly undelivered: readonly Undelivered[];
  readonly held: readonly Held[];
}

interface BlipRow {
  readonly payment_id: PaymentId;
  readonly customer_id: CustomerId;
  readonly merchant_name: string | null;
  readonly created_at: Date;
}

interface DoubtRow extends BlipRow {
  readonly status: DebitStatus | 'REFUND_IN_DOUBT';
  readonly currency: string;
  readonly value: string;
  readonly unknown_reason: string | null;
  readonly tries: number;
  readonly next_attempt_at: Date;
}

interface UndeliveredRow extends BlipRow {
  readonly status: NotificationStatus;
  readonly order_status: PaymentStatus;
  readonly tries: number;
  readonly last_outcome: string | null;
}

interface HeldRow extends BlipRow {
  readonly held_reason: string;
  readonly expires_at: Date;
}

/** Everything that needs attention, whoever has to act. */
@Injectable()
export class Radar {
  constructor(private readonly database: Database) {}

  async look(): Promise<RadarView> {
    const [doubts, undelivered, held] = await Promise.all([
      this.database.run<DoubtRow>(sql.DOUBTS, [SHOWN]),
      this.database.run<UndeliveredRow>(sql.UNDELIVERED, [SHOWN]),
      this.database.run<HeldRow>(sql.HELD, [SHOWN]),
    ]);
    return {
      doubts: doubts.map(doubtOf),
      undelivered: undelivered.map(undeliveredOf),
      held: held.map((row) => ({ ...blipOf(row), heldReason: row.held_reason, expiresAt: row.expires_at })),
    };
  }
}

function blipOf(row: BlipRow): Blip {
  return {
    paymentId: row.payment_id,
    customerId: row.customer_id,
    since: row.created_at,
    ...(row.merchant_name !== null && { merchantName: row.merchant_name }),
  };
}

function doubtOf(row: DoubtRow): Doubt {
  return {
    ...blipOf(row),
    ...amountOf(row),
    status: row.status,
    tries: row.tries,
    nextAttemptAt: row.next_attempt_at,
    ...(row.unknown_reason !== null && { unknownReason: row.unknown_reason }),
  };
}

function undeliveredOf(row: UndeliveredRow): Undelivered {
  return {
    ...blipOf(row),
    status: row.status,
    orderStatus: row.order_status,
    tries: row.tries,
    ...(row.last_outcome !== null && { lastOutcome: row.last_outcome }),
  };
}

function amountOf(row: { currency: string; value: string }): { amount?: Money } {
  const amount = readMoney(row);
  return amount === undefined ? {} : { amount };
}
