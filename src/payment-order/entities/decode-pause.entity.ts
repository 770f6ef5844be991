import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: until when nobody asks Alipay+. */
@Entity('decode_pause')
@Check('decode_pause_single_ck', `pause_id = 1`)
export class DecodePauseEntity {
  @PrimaryColumn('smallint', { name: 'pause_id', primaryKeyConstraintName: 'decode_pause_pk' })
  readonly pauseId!: number;

  @Column('timestamptz')
  readonly until!: Date;
}
