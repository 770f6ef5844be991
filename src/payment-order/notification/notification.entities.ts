import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { IdentityKey, isOneOf, type RowOf } from '../../platform/database/columns.js';
import { CallEvidence } from '../evidence/call-evidence.js';
import { DeliveredRow } from '../order/due-row.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import { NOTIFICATION_STATUSES, type NotificationStatus } from '../order/payment-status.js';
import type { PaymentId } from '../order/ids.js';

/** The one notification of a final order; its body and address are frozen. */
@Entity('notification')
@Check('notification_status_ck', isOneOf('status', NOTIFICATION_STATUSES))
@Check('notification_due_ck', `(status = 'PENDING') = (next_attempt_at is not null)`)
@Check('notification_delivered_ck', `(status = 'DELIVERED') = (delivered_at is not null)`)
@Check('notification_hash_ck', `octet_length(body_sha256) = 32`)
@Check('notification_watch_ck', `(status = 'PENDING') = (watch_at is not null)`)
@Check('notification_ordered_ck', `status = 'DELIVERED' or ordered_at is not null`)
@Index('notification_time_ix', ['createdAt', 'paymentId'])
@Index('notification_undelivered_ix', ['status', 'createdAt', 'paymentId'], {
  where: `status <> 'DELIVERED'`,
})
@Index('notification_host_ix', ['status', 'host', 'createdAt'], { where: 'delivered_at is null' })
@Index('notification_due_ix', ['host', 'nextAttemptAt'], { where: 'next_attempt_at is not null' })
@Index('notification_watch_ix', ['watchAt'], { where: 'watch_at is not null' })
@Index('notification_undelivered_order_ix', ['status', 'orderedAt', 'paymentId'], {
  where: `status <> 'DELIVERED'`,
})
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'notification_payment_fk' })
export class NotificationEntity extends DeliveredRow {
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'notification_pk' })
  readonly paymentId!: PaymentId;

  @Column('text')
  readonly url!: string;

  @Column('bytea')
  readonly body!: Buffer;

  @Column('bytea', { name: 'body_sha256' })
  readonly bodySha256!: Buffer;

  @Column('text')
  readonly status!: NotificationStatus;

  /** When the order was made. */
  @Column('timestamptz', { name: 'ordered_at', nullable: true })
  readonly orderedAt!: Date | null;

  /** Read from the address by a trigger. */
  @Column('text')
  readonly host!: string;

  /** When the clock alone asks for something: an alarm, or its end. */
  @Column('timestamptz', { name: 'watch_at', nullable: true })
  readonly watchAt!: Date | null;

  /** Of the span that settled the order, for the traces of its attempts. */
  @Column('text', { nullable: true })
  readonly traceparent!: string | null;
}

export type NotificationRow = RowOf<NotificationEntity>;

/** Evidence of one attempt to deliver. */
@Entity('notification_attempt')
@Check('notification_attempt_outcome_ck', `outcome in ('accepted', 'rejected', 'unknown')`)
// With storage options, which an entity cannot say.
@Index('notification_attempt_finished_ix', { synchronize: false })
@Index('notification_attempt_payment_ix', ['paymentId', 'attemptId'])
@ForeignKey(() => NotificationEntity, ['paymentId'], ['paymentId'], {
  name: 'notification_attempt_payment_fk',
})
export class NotificationAttemptEntity extends CallEvidence {
  @IdentityKey('notification_attempt', 'attempt_id')
  readonly attemptId!: string;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: PaymentId;

  @Column('text', { name: 'requested_by' })
  readonly requestedBy!: string;
}

/** An alarm that was raised because a notification stays undelivered; once per threshold. */
@Entity('notification_alarm')
@ForeignKey(() => NotificationEntity, ['paymentId'], ['paymentId'], { name: 'notification_alarm_payment_fk' })
export class NotificationAlarmEntity {
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'notification_alarm_pk' })
  readonly paymentId!: PaymentId;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'notification_alarm_pk' })
  readonly threshold!: string;

  @Column('timestamptz', { name: 'raised_at' })
  readonly raisedAt!: Date;
}
