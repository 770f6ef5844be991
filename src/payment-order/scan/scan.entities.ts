import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { IdentityKey, isOneOf } from '../../platform/database/columns.js';
import { CallEvidence } from '../evidence/call-evidence.js';
import { DueRow } from '../order/due-row.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import { SCAN_STATUSES, type ScanStatus } from '../order/payment-status.js';
import type { CustomerId, PaymentId } from '../order/ids.js';

/** A code a payer scanned; every attempt sends `request_body`. */
@Entity('scan')
@Check('scan_customer_ck', `char_length(customer_id) between 1 and 64`)
@Check('scan_code_hash_ck', `octet_length(code_hash) = 32`)
@Check('scan_status_ck', isOneOf('status', SCAN_STATUSES))
@Check('scan_due_ck', `(status = 'PENDING') = (next_attempt_at is not null)`)
@Check('scan_decoded_ck', `(status = 'DECODED') = (payment_id is not null)`)
@Check('scan_rejected_ck', `status <> 'REJECTED' or result_code is not null`)
@Index('scan_in_flight_uq', ['codeHash'], { unique: true, where: `status = 'PENDING'` })
@Index('scan_ended_code_ix', ['codeHash', 'createdAt'], { where: `status <> 'PENDING'` })
@Index('scan_customer_ix', ['customerId', 'createdAt'])
@Index('scan_time_ix', ['createdAt', 'scanId'])
@Index('scan_failed_ix', ['status', 'createdAt', 'scanId'], { where: `status in ('REJECTED', 'GIVEN_UP')` })
@Index('scan_result_ix', ['resultCode', 'createdAt', 'scanId'], { where: 'result_code is not null' })
@Index('scan_order_ix', ['paymentId'], { where: 'payment_id is not null' })
@Index('scan_due_ix', ['nextAttemptAt'], { where: `status = 'PENDING'` })
@Index('scan_end_ix', ['givesUpAt'], { where: `status = 'PENDING'` })
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'scan_payment_fk' })
export class ScanEntity extends DueRow {
  @PrimaryColumn('uuid', { name: 'scan_id', primaryKeyConstraintName: 'scan_pk' })
  readonly scanId!: string;

  @Column('text', { name: 'customer_id' })
  readonly customerId!: CustomerId;

  @Column('bytea', { name: 'code_hash' })
  readonly codeHash!: Buffer;

  /** Sealed; empty once the scan has ended. */
  @Column('bytea', { name: 'request_body', nullable: true })
  readonly requestBody!: Buffer | null;

  @Column('text')
  readonly status!: ScanStatus;

  @Column('text', { name: 'result_code', nullable: true })
  readonly resultCode!: string | null;

  @Column('text', { name: 'unknown_reason', nullable: true })
  readonly unknownReason!: string | null;

  @Column('uuid', { name: 'payment_id', nullable: true })
  readonly paymentId!: PaymentId | null;

  @Column('timestamptz', { name: 'gives_up_at' })
  readonly givesUpAt!: Date;

  /** Of the request that brought it, for the traces of what a lost job did not say. */
  @Column('text', { nullable: true })
  readonly traceparent!: string | null;
}

/** Evidence of one call about a scan. */
@Entity('decode_exchange')
@Check('decode_exchange_outcome_ck', `outcome in ('accepted', 'rejected', 'unknown')`)
// Neither its kind nor its ranges can be declared here; named, it is left alone.
@Index('decode_exchange_time_ix', { synchronize: false })
@Index('decode_exchange_scan_ix', ['scanId', 'exchangeId'])
@ForeignKey(() => ScanEntity, ['scanId'], ['scanId'], { name: 'decode_exchange_scan_fk' })
export class DecodeExchangeEntity extends CallEvidence {
  @IdentityKey('decode_exchange', 'exchange_id')
  readonly exchangeId!: string;

  @Column('uuid', { name: 'scan_id' })
  readonly scanId!: string;
}

/** One row: until when no process asks Alipay+. */
@Entity('decode_pause')
@Check('decode_pause_single_ck', `pause_id = 1`)
export class DecodePauseEntity {
  @PrimaryColumn('smallint', { name: 'pause_id', primaryKeyConstraintName: 'decode_pause_pk' })
  readonly pauseId!: number;

  @Column('timestamptz')
  readonly until!: Date;
}

/** One row: when any process may next ask Alipay+ again about an unknown scan. */
@Entity('decode_budget')
@Check('decode_budget_single_ck', `budget_id = 1`)
export class DecodeBudgetEntity {
  @PrimaryColumn('smallint', { name: 'budget_id', primaryKeyConstraintName: 'decode_budget_pk' })
  readonly budgetId!: number;

  @Column('timestamptz', { name: 'free_at' })
  readonly freeAt!: Date;
}
