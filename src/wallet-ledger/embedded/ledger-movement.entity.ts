import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What happened under a key. `REFUSAL` and `CLOSED` move nothing: the first remembers a no, the second is a reversal
 * that came before any debit. The customer is no foreign key, since an unknown customer is refused too.
 */
@Entity('ledger_movement')
@Check('ledger_movement_key_ck', `char_length(key) between 1 and 128`)
@Check('ledger_movement_kind_ck', `kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUSAL', 'CLOSED')`)
@Check('ledger_movement_amount_ck', `amount >= 1 and amount = trunc(amount)`)
@Check(
  'ledger_movement_content_ck',
  `(kind = 'CLOSED' and num_nonnulls(customer_id, currency, amount) = 0) or
   (kind <> 'CLOSED' and num_nulls(customer_id, currency, amount) = 0)`,
)
@Check('ledger_movement_refusal_ck', `(kind = 'REFUSAL') = (refusal_code is not null)`)
@Index('ledger_movement_answer_uq', ['key'], {
  unique: true,
  where: `kind in ('DEBIT', 'REFUSAL', 'CLOSED')`,
})
@Index('ledger_movement_reversal_uq', ['key'], { unique: true, where: `kind = 'REVERSAL'` })
@Index('ledger_movement_deposit_uq', ['key'], { unique: true, where: `kind = 'DEPOSIT'` })
export class LedgerMovement {
  @PrimaryColumn('uuid', { name: 'movement_id', primaryKeyConstraintName: 'ledger_movement_pk' })
  readonly movementId!: string;

  @Column('text')
  readonly key!: string;

  @Column('text')
  readonly kind!: 'DEBIT' | 'REVERSAL' | 'DEPOSIT' | 'REFUSAL' | 'CLOSED';

  @Column('text', { name: 'customer_id', nullable: true })
  readonly customerId!: string | null;

  @Column('text', { nullable: true })
  readonly currency!: string | null;

  @Column('numeric', { nullable: true })
  readonly amount!: string | null;

  @Column('text', { name: 'refusal_code', nullable: true })
  readonly refusalCode!: string | null;

  @Column('text')
  readonly description!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
