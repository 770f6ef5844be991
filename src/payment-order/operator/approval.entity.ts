import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { isOneOf } from '../../platform/database/columns.js';
import type { PaymentId } from '../order/ids.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import { APPROVABLE, KEPT_APPROVAL_STATUSES, type Approvable } from './approval.js';

/** What one operator proposed, and what a second one decided; only the next step is ever added to it. */
@Entity('approval')
@Check('approval_action_ck', isOneOf('action', APPROVABLE))
@Check('approval_status_ck', isOneOf('status', KEPT_APPROVAL_STATUSES))
@Check(
  'approval_payment_ck',
  `(payment_id is null) = (action in ('redeliver-many', 'resend-events')) and (payment_id is null) = (history_id is null)`,
)
@Check('approval_reason_ck', `char_length(reason) between 1 and 200`)
@Check(
  'approval_decision_ck',
  `(status = 'PROPOSED') = (decided_at is null) and (decided_at is null) = (decided_by is null) and
  (decided_at is null) = (decider_name is null) and (decided_at is null) = (decision_reason is null) and
  (decision_reason is null or char_length(decision_reason) between 1 and 200)`,
)
@Check(
  'approval_second_person_ck',
  `decided_at is null or (lower(coalesce(proposer_person, proposer_name)) <> lower(coalesce(decider_person, decider_name))
  and (lower(proposer_name) <> lower(decider_name) or (proposer_person is not null and decider_person is not null)))`,
)
@Check(
  'approval_end_ck',
  `(status in ('DONE', 'NOT_DONE')) = (ended_at is not null) and (why is null or status = 'NOT_DONE')`,
)
@Index('approval_time_ix', ['proposedAt', 'approvalId'])
@Index('approval_payment_ix', ['paymentId', 'proposedAt'], { where: 'payment_id is not null' })
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'approval_payment_fk' })
export class ApprovalEntity {
  @PrimaryColumn('uuid', { name: 'approval_id', primaryKeyConstraintName: 'approval_pk' })
  readonly approvalId!: string;

  @Column('text')
  readonly action!: Approvable;

  /** Null where many are meant. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  readonly paymentId!: PaymentId | null;

  /** Of many: exactly which payments, or deliveries of events. */
  @Column('text', { array: true })
  readonly targets!: readonly string[];

  /** What it would do, as it was shown to the proposer. */
  @Column('text')
  readonly effect!: string;

  /** The newest line of the history when it was proposed. */
  @Column('bigint', { name: 'history_id', nullable: true })
  readonly historyId!: string | null;

  @Column('text')
  readonly status!: (typeof KEPT_APPROVAL_STATUSES)[number];

  @Column('timestamptz', { name: 'proposed_at' })
  readonly proposedAt!: Date;

  @Column('text', { name: 'proposed_by' })
  readonly proposedBy!: string;

  @Column('text', { name: 'proposer_name' })
  readonly proposerName!: string;

  @Column('text', { name: 'proposer_person', nullable: true })
  readonly proposerPerson!: string | null;

  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { name: 'expires_at' })
  readonly expiresAt!: Date;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  readonly decidedAt!: Date | null;

  @Column('text', { name: 'decided_by', nullable: true })
  readonly decidedBy!: string | null;

  @Column('text', { name: 'decider_name', nullable: true })
  readonly deciderName!: string | null;

  @Column('text', { name: 'decider_person', nullable: true })
  readonly deciderPerson!: string | null;

  @Column('text', { name: 'decision_reason', nullable: true })
  readonly decisionReason!: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  readonly endedAt!: Date | null;

  /** Why nothing was changed. */
  @Column('text', { nullable: true })
  readonly why!: string | null;
}
