import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: the position of the records when it was last read, and what follows from it. */
@Entity('record_watch')
@Check('record_watch_single_ck', `watch_id = 1`)
export class RecordWatchEntity {
  @PrimaryColumn('smallint', { name: 'watch_id', primaryKeyConstraintName: 'record_watch_pk' })
  readonly watchId!: number;

  /** See `record_place()` in the migration; null before the first check. */
  @Column('text', { nullable: true })
  readonly place!: string | null;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  readonly seenAt!: Date | null;

  /** An order that becomes known before this may be one that was lost. */
  @Column('timestamptz', { name: 'ask_until' })
  readonly askUntil!: Date;
}
