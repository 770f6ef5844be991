import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { NotificationEntity } from './notification.entity.js';

/** Evidence of one try to deliver. */
@Entity('notification_attempt')
@Check('notification_attempt_outcome_ck', `outcome in ('accepted', 'rejected', 'unknown')`)
// With storage options, which an entity cannot say.
@Index('notification_attempt_finished_ix', { synchronize: false })
@Index('notification_attempt_payment_ix', ['paymentId', 'attemptId'])
@ForeignKey(() => NotificationEntity, ['paymentId'], ['paymentId'], {
  name: 'notification_attempt_payment_fk',
})
export class NotificationAttemptEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    name: 'attempt_id',
    primaryKeyConstraintName: 'notification_attempt_pk',
  })
  readonly attemptId!: string;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: string;

  @Column('integer')
  readonly attempt!: number;

  @Column('timestamptz', { name: 'finished_at' })
  readonly finishedAt!: Date;

  @Column('integer', { name: 'duration_ms' })
  readonly durationMs!: number;

  @Column('text')
  readonly outcome!: string;

  @Column('text', { nullable: true })
  readonly reason!: string | null;

  @Column('text', { name: 'result_code', nullable: true })
  readonly resultCode!: string | null;

  @Column('integer', { name: 'http_status', nullable: true })
  readonly httpStatus!: number | null;

  @Column('text', { name: 'request_time' })
  readonly requestTime!: string;

  @Column('text', { name: 'key_version' })
  readonly keyVersion!: string;

  @Column('bytea', { nullable: true })
  readonly answer!: Buffer | null;

  @Column('text', { name: 'requested_by' })
  readonly requestedBy!: string;
}
