import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PaymentId } from './ids.js';
import type { PaymentStatus } from './payment-status.js';

/**
 * Every order that is neither being debited nor paid, and a paid one while a cancel asks for its money back: what is looked
 * for by a status or a time. Triggers of `payment_order` write it; nobody else does.
 */
@Entity('unpaid_order')
@Check(
  'unpaid_order_status_ck',
  `status <> 'DEBITING' and (status <> 'PAID' or cancel_requested_at is not null)`,
)
@Index('unpaid_order_expiry_ix', ['expiresAt'], { where: `status in ('AWAITING_CONFIRMATION', 'HELD')` })
@Index('unpaid_order_cancel_ix', ['cancelRequestedAt'], {
  where: `cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID')`,
})
export class UnpaidOrderEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'unpaid_order_pk' })
  readonly status!: Exclude<PaymentStatus, 'DEBITING'>;

  @PrimaryColumn('timestamptz', { name: 'created_at', primaryKeyConstraintName: 'unpaid_order_pk' })
  readonly createdAt!: Date;

  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'unpaid_order_pk' })
  readonly paymentId!: PaymentId;

  @Column('timestamptz', { name: 'expires_at' })
  readonly expiresAt!: Date;

  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true })
  readonly cancelRequestedAt!: Date | null;
}
