import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { IdentityKey } from '../../platform/database/columns.js';
import { PaymentOrderEntity } from './payment-order.entity.js';
import type { PaymentId } from './ids.js';

/** What happened to an order; append-only. */
@Entity('payment_history')
// With storage options, which an entity cannot say.
@Index('payment_history_at_ix', { synchronize: false })
@Index('payment_history_ledger_reference_ix', { synchronize: false })
@Index('payment_history_payment_ix', ['paymentId', 'historyId'])
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'payment_history_payment_fk' })
export class PaymentHistoryEntity {
  @IdentityKey('payment_history', 'history_id')
  readonly historyId!: string;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: PaymentId;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly event!: string;

  @Column('text', { name: 'from_status', nullable: true })
  readonly fromStatus!: string | null;

  @Column('text', { name: 'to_status' })
  readonly toStatus!: string;

  @Column('text')
  readonly actor!: string;

  @Column('jsonb', { nullable: true })
  readonly detail!: Record<string, unknown> | null;

  /** The row before it, and what covers both: filled in by the table itself. */
  @Column('bigint', { name: 'previous_id', nullable: true })
  readonly previousId!: string | null;

  /** Null in rows of before there were digests. */
  @Column('bytea', { nullable: true })
  readonly digest!: Buffer | null;
}
