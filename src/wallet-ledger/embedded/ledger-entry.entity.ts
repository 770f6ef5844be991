import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { LedgerAccount } from './ledger-account.entity.js';
import { LedgerMovement } from './ledger-movement.entity.js';

/** One side of a movement: what it adds to an account. The sides of a movement sum to zero. */
@Entity('ledger_entry')
@Check('ledger_entry_amount_ck', `amount <> 0`)
@Index('ledger_entry_account_ix', ['accountId'])
export class LedgerEntry {
  @ForeignKey(() => LedgerMovement, { name: 'ledger_entry_movement_fk' })
  @PrimaryColumn('uuid', { name: 'movement_id', primaryKeyConstraintName: 'ledger_entry_pk' })
  readonly movementId!: string;

  @ForeignKey(() => LedgerAccount, { name: 'ledger_entry_account_fk' })
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'ledger_entry_pk' })
  readonly accountId!: string;

  @Column('numeric', { precision: 40, scale: 0 })
  readonly amount!: string;
}
