import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { isOneOf } from '../../platform/database/columns.js';
import { CHAINED_RECORDS, type ChainedRecord } from './record-digests.js';

/** What the rows of one day came to; append-only. */
@Entity('record_anchor')
@Check('record_anchor_record_ck', isOneOf('record', CHAINED_RECORDS))
export class RecordAnchorEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'record_anchor_pk' })
  readonly record!: ChainedRecord;

  /** In UTC. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'record_anchor_pk' })
  readonly day!: string;

  @Column('bigint')
  readonly rows!: string;

  /** SHA-256 of the day's list: a line for each row, see `rowLine`. */
  @Column('bytea')
  readonly digest!: Buffer;

  /** SHA-256 of the anchor before, and this one. */
  @Column('bytea')
  readonly chain!: Buffer;

  @Column('timestamptz', { name: 'made_at' })
  readonly madeAt!: Date;
}
