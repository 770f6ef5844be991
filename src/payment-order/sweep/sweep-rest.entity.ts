import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A row that a sweeper took a moment ago. */
@Entity('sweep_rest')
@Check('sweep_rest_kind_ck', `kind in ('decode', 'debit', 'notify', 'expiry', 'cancel', 'refund')`)
@Index('sweep_rest_until_ix', ['until'])
export class SweepRestEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'sweep_rest_pk' })
  readonly kind!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sweep_rest_pk' })
  readonly id!: string;

  @Column('timestamptz')
  readonly until!: Date;

  @Column('timestamptz', { name: 'told_at', nullable: true })
  readonly toldAt!: Date | null;
}
