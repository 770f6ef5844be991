import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { LedgerCustomer } from './ledger-customer.entity.js';

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
  readonly customerId!: string | null;

  @Column('text')
  readonly currency!: string;

  /** The house spreads its postings over several accounts; a customer has one. */
  @Column('smallint')
  readonly slot!: number;

  @Column('numeric', { precision: 40, scale: 0 })
  readonly balance!: string;
}
