import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { OrderContent, Scenario } from './order-content.js';
import type { PaymentStatus } from './payment-status.js';
import type { CustomerId, PaymentId, PaymentRequestId } from './ids.js';

/**
 * One order per `paymentRequestId`. Written by the stores' own statements; this class gives the type of the row, and
 * migrations are checked against it.
 */
@Entity('payment_order')
@Unique('payment_order_request_uq', ['paymentRequestId'])
@Check('payment_order_request_ck', `char_length(payment_request_id) between 1 and 64`)
@Check('payment_order_customer_ck', `char_length(customer_id) between 1 and 64`)
@Check(
  'payment_order_status_ck',
  `status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING', 'PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')`,
)
@Check('payment_order_scenario_ck', `scenario in ('MERCHANT_PRESENTED', 'CASHIER', 'OTHER')`)
@Check(
  'payment_order_payable_ck',
  `held_reason is not null or (payment_value is not null and pay_to_value is not null and pay_value is not null
   and payment_currency is not null and pay_to_currency is not null and pay_currency is not null)`,
)
@Check(
  'payment_order_amounts_ck',
  `(payment_value is null or (payment_value >= 1 and payment_value = trunc(payment_value))) and
   (pay_to_value is null or (pay_to_value >= 1 and pay_to_value = trunc(pay_to_value))) and
   (pay_value is null or (pay_value >= 1 and pay_value = trunc(pay_value)))`,
)
@Check(
  'payment_order_result_ck',
  `(status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')) =
   (result_status is not null and result_code is not null and finished_at is not null)`,
)
@Check('payment_order_result_status_ck', `result_status is null or (result_status = 'S') = (status = 'PAID')`)
@Check(
  'payment_order_held_ck',
  `held_reason is null or status in ('HELD', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')`,
)
// No index names a column that changes while an order is paid, in its key or its condition: one that did would have
// every update write all of them (docs/adr/0037-what-a-payment-writes.md).
@Index('payment_order_customer_ix', ['customerId', 'createdAt'])
@Index('payment_order_reference_ix', ['referenceOrderId'])
@Index('payment_order_quote_ix', ['quoteId'], { where: `quote_id is not null` })
@Index('payment_order_time_ix', ['createdAt', 'paymentId'])
@Index('payment_order_acquirer_ix', ['acquirerId', 'createdAt', 'paymentId'])
@Index('payment_order_merchant_ix', ['merchantId', 'createdAt', 'paymentId'])
@Index('payment_order_currency_ix', ['payCurrency', 'createdAt', 'paymentId'])
// Indexes on expressions cannot be declared here; named, they are left alone.
@Index('payment_order_merchant_name_ix', { synchronize: false })
@Index('payment_order_amount_ix', { synchronize: false })
export class PaymentOrderEntity {
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'payment_order_pk' })
  readonly paymentId!: PaymentId;

  @Column('text', { name: 'payment_request_id' })
  readonly paymentRequestId!: PaymentRequestId;

  @Column('text', { name: 'customer_id' })
  readonly customerId!: CustomerId;

  @Column('text')
  readonly status!: PaymentStatus;

  @Column('text')
  readonly scenario!: Scenario;

  @Column('text', { name: 'acquirer_id', nullable: true })
  readonly acquirerId!: string | null;

  @Column('text', { name: 'psp_id', nullable: true })
  readonly pspId!: string | null;

  @Column('text', { name: 'reference_order_id', nullable: true })
  readonly referenceOrderId!: string | null;

  @Column('text', { name: 'merchant_id', nullable: true })
  readonly merchantId!: string | null;

  @Column('text', { name: 'merchant_name', nullable: true })
  readonly merchantName!: string | null;

  @Column('char', { name: 'payment_currency', length: 3, nullable: true })
  readonly paymentCurrency!: string | null;

  @Column('numeric', { name: 'payment_value', nullable: true })
  readonly paymentValue!: string | null;

  @Column('char', { name: 'pay_to_currency', length: 3, nullable: true })
  readonly payToCurrency!: string | null;

  @Column('numeric', { name: 'pay_to_value', nullable: true })
  readonly payToValue!: string | null;

  @Column('char', { name: 'pay_currency', length: 3, nullable: true })
  readonly payCurrency!: string | null;

  @Column('numeric', { name: 'pay_value', nullable: true })
  readonly payValue!: string | null;

  @Column('text', { name: 'quote_id', nullable: true })
  readonly quoteId!: string | null;

  @Column('timestamptz', { name: 'quote_expires_at', nullable: true })
  readonly quoteExpiresAt!: Date | null;

  @Column('timestamptz', { name: 'expires_at' })
  readonly expiresAt!: Date;

  @Column('text', { name: 'notify_url' })
  readonly notifyUrl!: string;

  @Column('jsonb')
  readonly content!: OrderContent;

  /** All of the content, sealed; `content` then has what money is decided by. Empty when it was erased. */
  @Column('bytea', { name: 'sealed_content', nullable: true })
  readonly sealedContent!: Buffer | null;

  @Column('bytea', { name: 'content_sha256' })
  readonly contentSha256!: Buffer;

  @Column('boolean', { name: 'content_conflict', default: false })
  readonly contentConflict!: boolean;

  @Column('text', { name: 'held_reason', nullable: true })
  readonly heldReason!: string | null;

  @Column('text', { name: 'amount_flag', nullable: true })
  readonly amountFlag!: string | null;

  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true })
  readonly cancelRequestedAt!: Date | null;

  /** Numbers the debits of this order. */
  @Column('integer', { name: 'debit_count', default: 0 })
  readonly debitCount!: number;

  @Column('char', { name: 'result_status', length: 1, nullable: true })
  readonly resultStatus!: 'S' | 'F' | null;

  @Column('text', { name: 'result_code', nullable: true })
  readonly resultCode!: string | null;

  @Column('text', { name: 'result_message', nullable: true })
  readonly resultMessage!: string | null;

  @Column('text', { name: 'payment_time', nullable: true })
  readonly paymentTime!: string | null;

  /** True while the ledger may know a debit of this order that our records have lost. */
  @Column('boolean', { name: 'ask_ledger', default: false })
  readonly askLedger!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  readonly finishedAt!: Date | null;

  /** Of the span that decoded it, for the trace of its confirm to lead back to. */
  @Column('text', { nullable: true })
  readonly traceparent!: string | null;
}
