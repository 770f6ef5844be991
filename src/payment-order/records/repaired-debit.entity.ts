import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DebitKey, PaymentRequestId } from '../order/ids.js';

/**
 * A debit of the ledger that no record of ours knows, and that a repair gives back. The row is the intent: it is there
 * before the ledger is asked, and is not done until the ledger has said so.
 */
@Entity('repaired_debit')
@Check('repaired_debit_key_ck', `char_length(key) between 1 and 128`)
@Check('repaired_debit_done_ck', `(done_at is null) = (ledger_reference is null)`)
@Index('repaired_debit_left_ix', ['wantedAt'], { where: 'done_at is null' })
export class RepairedDebitEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'repaired_debit_pk' })
  readonly key!: DebitKey;

  @Column('text', { name: 'payment_request_id' })
  readonly paymentRequestId!: PaymentRequestId;

  /** The rule that decided. */
  @Column('text')
  readonly rule!: string;

  @Column('text')
  readonly actor!: string;

  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { name: 'wanted_at' })
  readonly wantedAt!: Date;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  readonly doneAt!: Date | null;

  @Column('text', { name: 'ledger_reference', nullable: true })
  readonly ledgerReference!: string | null;
}
