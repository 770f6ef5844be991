import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { isOneOf } from '../../platform/database/columns.js';
import { DueRow } from '../order/due-row.js';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import type { Proofs } from '../order/requirements.js';
import { DEBIT_STATUSES, type DebitStatus } from '../order/payment-status.js';
import { DEBIT_ALARMS, type DebitAlarm } from './debit.js';
import type { CustomerId, DebitKey, PaymentId } from '../order/ids.js';

/** The intent to take the payer's money; its id is the ledger's key. */
@Entity('debit')
@Unique('debit_sequence_uq', ['paymentId', 'sequence'])
@Check('debit_value_ck', `value >= 1 and value = trunc(value)`)
@Check('debit_status_ck', isOneOf('status', DEBIT_STATUSES))
@Check('debit_refusal_ck', `(status = 'REFUSED') = (refusal_code is not null)`)
@Check('debit_due_ck', `(status in ('INTENDED', 'IN_DOUBT', 'REVERSING')) = (next_attempt_at is not null)`)
@Index('debit_effective_uq', ['paymentId'], { unique: true, where: `status <> 'REFUSED'` })
// Neither its kind nor its ranges can be declared here; named, it is left alone.
@Index('debit_time_ix', { synchronize: false })
@Index('debit_ledger_reference_ix', ['ledgerReference'], { where: `ledger_reference is not null` })
@Index('debit_due_ix', ['nextAttemptAt'], { where: `next_attempt_at is not null` })
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'debit_payment_fk' })
export class DebitEntity extends DueRow {
  @PrimaryColumn('uuid', { name: 'debit_id', primaryKeyConstraintName: 'debit_pk' })
  readonly debitId!: DebitKey;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: PaymentId;

  @Column('integer')
  readonly sequence!: number;

  @Column('text', { name: 'customer_id' })
  readonly customerId!: CustomerId;

  @Column('char', { length: 3 })
  readonly currency!: string;

  @Column('numeric')
  readonly value!: string;

  @Column('text', { name: 'quote_id', nullable: true })
  readonly quoteId!: string | null;

  @Column('timestamptz', { name: 'not_after' })
  readonly notAfter!: Date;

  @Column('text')
  readonly status!: DebitStatus;

  @Column('text', { name: 'refusal_code', nullable: true })
  readonly refusalCode!: string | null;

  @Column('text', { name: 'ledger_reference', nullable: true })
  readonly ledgerReference!: string | null;

  @Column('text', { name: 'unknown_reason', nullable: true })
  readonly unknownReason!: string | null;

  /** False when nobody confirmed it: it only finds out what the ledger knows under its key. */
  @Column('boolean', { default: true })
  readonly confirmed!: boolean;

  /** Only until the ledger has answered. */
  @Column('jsonb', { nullable: true })
  readonly proofs!: Proofs | null;
}

/** An alarm that was raised because money is where it should not be; each once for a debit. */
@Entity('debit_alarm')
@Check('debit_alarm_ck', isOneOf('alarm', DEBIT_ALARMS))
@ForeignKey(() => DebitEntity, ['debitId'], ['debitId'], { name: 'debit_alarm_debit_fk' })
export class DebitAlarmEntity {
  @PrimaryColumn('uuid', { name: 'debit_id', primaryKeyConstraintName: 'debit_alarm_pk' })
  readonly debitId!: DebitKey;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'debit_alarm_pk' })
  readonly alarm!: DebitAlarm;

  @Column('timestamptz', { name: 'raised_at' })
  readonly raisedAt!: Date;
}
