import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: when Alipay+ may be asked again about something unknown, by whoever of the fleet comes first. */
@Entity('decode_budget')
@Check('decode_budget_single_ck', `budget_id = 1`)
export class DecodeBudgetEntity {
  @PrimaryColumn('smallint', { name: 'budget_id', primaryKeyConstraintName: 'decode_budget_pk' })
  readonly budgetId!: number;

  @Column('timestamptz', { name: 'free_at' })
  readonly freeAt!: Date;
}
