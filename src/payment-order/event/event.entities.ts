import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { IdentityKey, isOneOf, type RowOf } from '../../platform/database/columns.js';
import { DeliveredRow } from '../order/due-row.js';
import type { PaymentId } from '../order/ids.js';
import { DELIVERY_STATUSES, EVENT_TYPE_NAMES, type DeliveryStatus, type EventType } from './event-type.js';

/** The endpoints. The triggers that write events read this table first: without a row nothing is written. */
@Entity('event_endpoint')
export class EventEndpointEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'event_endpoint_pk' })
  readonly name!: string;

  /** Null: all of them. */
  @Column('text', { array: true, nullable: true })
  readonly types!: EventType[] | null;
}

/** One change of a payment or a scan, for the wallet's back end; written by a trigger, with the change. */
@Entity('wallet_event')
@Unique('wallet_event_id_uq', ['eventId'])
@Unique('wallet_event_history_uq', ['historyId'])
@Check('wallet_event_type_ck', isOneOf('type', EVENT_TYPE_NAMES))
@Check(
  'wallet_event_about_ck',
  'num_nonnulls(payment_id, scan_id) = 1 and (payment_id is null) = (history_id is null)',
)
@Index('wallet_event_unspread_ix', ['sequence'], { where: 'spread_at is null' })
@Index('wallet_event_at_ix', ['at', 'eventId'])
@Index('wallet_event_scan_uq', ['scanId'], { unique: true, where: 'scan_id is not null' })
export class WalletEventEntity {
  @IdentityKey('wallet_event', 'sequence')
  readonly sequence!: string;

  @Column('uuid', { name: 'event_id' })
  readonly eventId!: string;

  @Column('text')
  readonly type!: EventType;

  @Column('uuid', { name: 'payment_id', nullable: true })
  readonly paymentId!: PaymentId | null;

  @Column('uuid', { name: 'scan_id', nullable: true })
  readonly scanId!: string | null;

  @Column('bigint', { name: 'history_id', nullable: true })
  readonly historyId!: string | null;

  @Column('timestamptz')
  readonly at!: Date;

  /** Frozen at the first attempt: every endpoint and every attempt gets the same bytes. */
  @Column('bytea', { nullable: true })
  readonly body!: Buffer | null;

  @Column('timestamptz', { name: 'spread_at', nullable: true })
  readonly spreadAt!: Date | null;
}

/** One event for one endpoint. */
@Entity('event_delivery')
@Unique('event_delivery_uq', ['eventId', 'endpoint'])
@Check('event_delivery_status_ck', isOneOf('status', DELIVERY_STATUSES))
@Check('event_delivery_due_ck', `(status = 'PENDING') = (next_attempt_at is not null)`)
@Check('event_delivery_delivered_ck', `status <> 'DELIVERED' or delivered_at is not null`)
@Index('event_delivery_due_ix', ['endpoint', 'nextAttemptAt'], { where: 'next_attempt_at is not null' })
@Index('event_delivery_order_ix', ['subjectId', 'endpoint', 'sequence'], {
  where: 'next_attempt_at is not null',
})
@Index('event_delivery_end_ix', ['givesUpAt'], { where: 'next_attempt_at is not null' })
@Index('event_delivery_undelivered_ix', ['status', 'endpoint', 'createdAt'], {
  where: `status <> 'DELIVERED'`,
})
@ForeignKey(() => WalletEventEntity, ['eventId'], ['eventId'], {
  name: 'event_delivery_event_fk',
  onDelete: 'CASCADE',
})
export class EventDeliveryEntity extends DeliveredRow {
  @IdentityKey('event_delivery', 'delivery_id')
  readonly deliveryId!: string;

  @Column('uuid', { name: 'event_id' })
  readonly eventId!: string;

  @Column('bigint')
  readonly sequence!: string;

  /** The payment or the scan: its events go out one after the other. */
  @Column('uuid', { name: 'subject_id' })
  readonly subjectId!: string;

  @Column('text')
  readonly endpoint!: string;

  @Column('text')
  readonly status!: DeliveryStatus;
}

/** What an operator asked to have sent again, and why. */
@Entity('event_resend')
@Index('event_resend_event_ix', ['eventId', 'resendId'])
@ForeignKey(() => WalletEventEntity, ['eventId'], ['eventId'], {
  name: 'event_resend_event_fk',
  onDelete: 'CASCADE',
})
export class EventResendEntity {
  @IdentityKey('event_resend', 'resend_id')
  readonly resendId!: string;

  @Column('uuid', { name: 'event_id' })
  readonly eventId!: string;

  @Column('text')
  readonly endpoint!: string;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly actor!: string;

  @Column('text')
  readonly reason!: string;
}

export type EventRow = RowOf<WalletEventEntity>;
export type DeliveryRow = RowOf<EventDeliveryEntity>;
