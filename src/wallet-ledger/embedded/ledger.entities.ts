import { Check, Column, Entity, PrimaryColumn, ForeignKey, Index } from 'typeorm';
import type { Id } from '../../platform/id.js';
import type { LedgerRefusalCode } from '../wallet-ledger.js';

/** Whose accounts the embedded ledger keeps. */
@Entity('ledger_customer')
@Check('ledger_customer_id_ck', `char_length(customer_id) between 1 and 64`)
@Check('ledger_customer_opening_ck', `opening_balance >= 1`)
export class LedgerCustomer {
  @PrimaryColumn('text', { name: 'customer_id', primaryKeyConstraintName: 'ledger_customer_pk' })
  readonly customerId!: Id<'CustomerId'>;

  @Column('boolean')
  readonly blocked!: boolean;

  /** Minor units that every new account of this customer starts with; null for a customer who must deposit first. */
  @Column('numeric', { name: 'opening_balance', precision: 40, scale: 0, nullable: true })
  readonly openingBalance!: string | null;
}

/** One balance. `FUNDING` is where deposits come from and `SETTLEMENT` where debits go; both may be negative. */
@Entity('ledger_account')
@Check('ledger_account_kind_ck', `kind in ('CUSTOMER', 'SETTLEMENT', 'FUNDING')`)
@Check('ledger_account_owner_ck', `(kind = 'CUSTOMER') = (customer_id is not null)`)
@Check('ledger_account_currency_ck', `currency ~ '^[A-Z]{3}$'`)
@Check('ledger_account_slot_ck', `slot between 0 and 15 and (kind <> 'CUSTOMER' or slot = 0)`)
@Check('ledger_account_never_negative_ck', `kind <> 'CUSTOMER' or balance >= 0`)
@Index('ledger_account_customer_uq', ['customerId', 'currency'], { unique: true, where: `kind = 'CUSTOMER'` })
@Index('ledger_account_house_uq', ['kind', 'currency', 'slot'], {
  unique: true,
  where: `customer_id is null`,
})
export class LedgerAccount {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'ledger_account_pk' })
  readonly accountId!: string;

  @Column('text')
  readonly kind!: 'CUSTOMER' | 'SETTLEMENT' | 'FUNDING';

  @ForeignKey(() => LedgerCustomer, { name: 'ledger_account_customer_fk' })
  @Column('text', { name: 'customer_id', nullable: true })
  readonly customerId!: Id<'CustomerId'> | null;

  @Column('text')
  readonly currency!: string;

  /** The operator's own side spreads its postings over several accounts; a customer has one. */
  @Column('smallint')
  readonly slot!: number;

  @Column('numeric', { precision: 40, scale: 0 })
  readonly balance!: string;
}

/**
 * What happened under a key. `REFUSAL`, `REFUND_REFUSAL` and `CLOSED` move nothing: the first two remember a no, the third
 * is a reversal that came before any debit. The customer is no foreign key, since an unknown customer is refused too.
 */
@Entity('ledger_movement')
@Check('ledger_movement_key_ck', `char_length(key) between 1 and 128`)
@Check(
  'ledger_movement_kind_ck',
  `kind in ('DEBIT', 'REVERSAL', 'DEPOSIT', 'REFUSAL', 'CLOSED', 'REFUND', 'REFUND_REFUSAL')`,
)
@Check(
  'ledger_movement_amount_ck',
  `amount = trunc(amount) and (amount >= 1 or kind = 'REVERSAL' and amount = 0)`,
)
@Check(
  'ledger_movement_content_ck',
  `(kind = 'CLOSED' and num_nonnulls(customer_id, currency, amount) = 0) or
   (kind = 'REFUND_REFUSAL' and num_nulls(currency, amount) = 0) or
   (kind not in ('CLOSED', 'REFUND_REFUSAL') and num_nulls(customer_id, currency, amount) = 0)`,
)
@Check('ledger_movement_refusal_ck', `(kind in ('REFUSAL', 'REFUND_REFUSAL')) = (refusal_code is not null)`)
@Check('ledger_movement_debit_ck', `(kind in ('REFUND', 'REFUND_REFUSAL')) = (debit_key is not null)`)
@Index('ledger_movement_answer_uq', ['key'], {
  unique: true,
  where: `kind in ('DEBIT', 'REFUSAL', 'CLOSED')`,
})
@Index('ledger_movement_reversal_uq', ['key'], { unique: true, where: `kind = 'REVERSAL'` })
@Index('ledger_movement_refund_uq', ['key'], { unique: true, where: `kind in ('REFUND', 'REFUND_REFUSAL')` })
@Index('ledger_movement_refunds_ix', ['debitKey'], { where: `kind = 'REFUND'` })
@Index('ledger_movement_deposit_uq', ['key'], { unique: true, where: `kind = 'DEPOSIT'` })
@Index('ledger_movement_order_uq', ['paymentRequestId'], { unique: true, where: `kind = 'DEBIT'` })
export class LedgerMovement {
  @PrimaryColumn('uuid', { name: 'movement_id', primaryKeyConstraintName: 'ledger_movement_pk' })
  readonly movementId!: string;

  @Column('text')
  readonly key!: string;

  @Column('text')
  readonly kind!: 'DEBIT' | 'REVERSAL' | 'DEPOSIT' | 'REFUSAL' | 'CLOSED' | 'REFUND' | 'REFUND_REFUSAL';

  /** Of a debit or its refusal; null for those of before it was kept. */
  @Column('text', { name: 'payment_request_id', nullable: true })
  readonly paymentRequestId!: Id<'PaymentRequestId'> | null;

  @Column('text', { name: 'customer_id', nullable: true })
  readonly customerId!: Id<'CustomerId'> | null;

  @Column('text', { nullable: true })
  readonly currency!: string | null;

  @Column('numeric', { nullable: true })
  readonly amount!: string | null;

  @Column('text', { name: 'refusal_code', nullable: true })
  readonly refusalCode!: LedgerRefusalCode | null;

  @Column('text')
  readonly description!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  /** Of a refund: whose money it gives back. */
  @Column('text', { name: 'debit_key', nullable: true })
  readonly debitKey!: Id<'DebitKey'> | null;
}

/** One side of a movement: what it adds to an account. The sides of a movement sum to zero. */
@Entity('ledger_entry')
@Check('ledger_entry_amount_ck', `amount <> 0`)
@Index('ledger_entry_account_ix', ['accountId'])
class LedgerEntry {
  @ForeignKey(() => LedgerMovement, { name: 'ledger_entry_movement_fk' })
  @PrimaryColumn('uuid', { name: 'movement_id', primaryKeyConstraintName: 'ledger_entry_pk' })
  readonly movementId!: string;

  @ForeignKey(() => LedgerAccount, { name: 'ledger_entry_account_fk' })
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'ledger_entry_pk' })
  readonly accountId!: string;

  @Column('numeric', { precision: 40, scale: 0 })
  readonly amount!: string;
}

/** The tables of the embedded ledger; with another adapter they stay empty. */
export const WALLET_LEDGER_ENTITIES = [LedgerCustomer, LedgerAccount, LedgerMovement, LedgerEntry];
