import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { isOneOf } from '../../platform/database/columns.js';
import { DueRow } from '../order/due-row.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import { REFUND_STATUSES, type RefundStatus } from './refund.js';
import type { PaymentId, PaymentRequestId, RefundKey } from '../order/ids.js';

/** What Alipay+ asked to be given back, once for each of its ids; its own id is the ledger's key. */
@Entity('refund')
@Unique('refund_request_uq', ['refundRequestId'])
@Check(
  'refund_id_ck',
  `char_length(refund_request_id) between 1 and 64 and char_length(payment_request_id) between 1 and 64`,
)
@Check('refund_status_ck', isOneOf('status', REFUND_STATUSES))
@Check(
  'refund_values_ck',
  `refund_value >= 1 and refund_value = trunc(refund_value) and refund_from_value >= 1
   and refund_from_value = trunc(refund_from_value) and back_value >= 1 and back_value = trunc(back_value)`,
)
@Check(
  'refund_back_ck',
  `status = 'REFUSED' or (payment_id is not null and back_currency is not null and back_value is not null)`,
)
@Check('refund_refusal_ck', `(status = 'REFUSED') = (result_code is not null)`)
@Check('refund_done_ck', `(status = 'REFUNDED') = (refund_time is not null)`)
@Check('refund_due_ck', `(status in ('REQUESTED', 'IN_DOUBT')) = (next_attempt_at is not null)`)
@Index('refund_payment_ix', ['paymentId'])
@Index('refund_ledger_reference_ix', ['ledgerReference'], { where: `ledger_reference is not null` })
@Index('refund_due_ix', ['nextAttemptAt'], { where: `next_attempt_at is not null` })
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'refund_payment_fk' })
export class RefundEntity extends DueRow {
  @PrimaryColumn('uuid', { name: 'refund_id', primaryKeyConstraintName: 'refund_pk' })
  readonly refundId!: RefundKey;

  @Column('text', { name: 'refund_request_id' })
  readonly refundRequestId!: string;

  @Column('text', { name: 'payment_request_id' })
  readonly paymentRequestId!: PaymentRequestId;

  /** Null when there was no such order. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  readonly paymentId!: PaymentId | null;

  @Column('text')
  readonly status!: RefundStatus;

  @Column('char', { name: 'refund_currency', length: 3 })
  readonly refundCurrency!: string;

  @Column('numeric', { name: 'refund_value' })
  readonly refundValue!: string;

  @Column('char', { name: 'refund_from_currency', length: 3, nullable: true })
  readonly refundFromCurrency!: string | null;

  @Column('numeric', { name: 'refund_from_value', nullable: true })
  readonly refundFromValue!: string | null;

  /** What goes back to the payer. */
  @Column('char', { name: 'back_currency', length: 3, nullable: true })
  readonly backCurrency!: string | null;

  @Column('numeric', { name: 'back_value', nullable: true })
  readonly backValue!: string | null;

  /** What a repetition is held against, as canonical JSON. */
  @Column('text')
  readonly content!: string;

  @Column('text', { name: 'quote_id', nullable: true })
  readonly quoteId!: string | null;

  @Column('text', { name: 'amount_flag', nullable: true })
  readonly amountFlag!: string | null;

  @Column('text', { name: 'result_code', nullable: true })
  readonly resultCode!: string | null;

  @Column('text', { name: 'result_message', nullable: true })
  readonly resultMessage!: string | null;

  /** In the ledger's words; null when it was not asked. */
  @Column('text', { name: 'refusal_code', nullable: true })
  readonly refusalCode!: string | null;

  @Column('text', { name: 'ledger_reference', nullable: true })
  readonly ledgerReference!: string | null;

  @Column('text', { name: 'refund_time', nullable: true })
  readonly refundTime!: string | null;

  @Column('text', { name: 'unknown_reason', nullable: true })
  readonly unknownReason!: string | null;
}
