import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { IdentityKey, isOneOf } from '../../platform/database/columns.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import type { AxesStanding } from '../order/payment-status.js';
import { ACT_OUTCOMES, OPERATOR_ACTS, type ActOutcome, type OperatorAct } from './operator-action.js';
import type { PaymentId } from '../order/ids.js';

/** What an operator did to a payment, or tried to do; append-only. */
@Entity('operator_action')
@Check('operator_action_act_ck', isOneOf('act', OPERATOR_ACTS))
@Check('operator_action_outcome_ck', isOneOf('outcome', ACT_OUTCOMES))
@Check('operator_action_reason_ck', `char_length(reason) between 1 and 200`)
@Check('operator_action_why_ck', `(outcome in ('UNCHANGED', 'REFUSED')) = (why is not null)`)
@Index('operator_action_payment_ix', ['paymentId', 'actionId'])
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'operator_action_payment_fk' })
export class OperatorActionEntity {
  @IdentityKey('operator_action', 'action_id')
  readonly actionId!: string;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: PaymentId;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly actor!: string;

  @Column('text')
  readonly act!: OperatorAct;

  @Column('text')
  readonly reason!: string;

  @Column('text')
  readonly outcome!: ActOutcome;

  /** Why nothing was changed; exactly when nothing was. */
  @Column('text', { nullable: true })
  readonly why!: string | null;

  @Column('jsonb')
  readonly before!: AxesStanding;

  @Column('jsonb', { nullable: true })
  readonly after!: AxesStanding | null;

  /** The row before it, and what covers both: filled in by the table itself. */
  @Column('bigint', { name: 'previous_id', nullable: true })
  readonly previousId!: string | null;

  /** Null in rows of before there were digests. */
  @Column('bytea', { nullable: true })
  readonly digest!: Buffer | null;
}
