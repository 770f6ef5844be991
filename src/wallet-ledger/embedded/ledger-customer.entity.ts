import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose accounts the embedded ledger keeps. */
@Entity('ledger_customer')
@Check('ledger_customer_id_ck', `char_length(customer_id) between 1 and 64`)
@Check('ledger_customer_opening_ck', `opening_balance >= 1`)
export class LedgerCustomer {
  @PrimaryColumn('text', { name: 'customer_id', primaryKeyConstraintName: 'ledger_customer_pk' })
  readonly customerId!: string;

  @Column('boolean')
  readonly blocked!: boolean;

  /** Minor units that every new account of this customer starts with; null for a customer who must deposit first. */
  @Column('numeric', { name: 'opening_balance', precision: 40, scale: 0, nullable: true })
  readonly openingBalance!: string | null;
}
