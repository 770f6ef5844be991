import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { NotificationEntity } from './notification.entity.js';

/** An alarm that was raised because a notification stays undelivered; once per threshold. */
@Entity('notification_alarm')
@ForeignKey(() => NotificationEntity, ['paymentId'], ['paymentId'], { name: 'notification_alarm_payment_fk' })
export class NotificationAlarmEntity {
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'notification_alarm_pk' })
  readonly paymentId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'notification_alarm_pk' })
  readonly threshold!: string;

  @Column('timestamptz', { name: 'raised_at' })
  readonly raisedAt!: Date;
}
