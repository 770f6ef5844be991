import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A key of personal data, wrapped; the wrapping key is not in the database. */
@Entity('data_key')
@Check('data_key_id_ck', 'key_id > 0')
@Check('data_key_purpose_ck', `purpose in ('seal', 'digest')`)
export class DataKeyEntity {
  @PrimaryColumn('integer', { name: 'key_id', primaryKeyConstraintName: 'data_key_pk' })
  readonly keyId!: number;

  /** What it is for: values that are read again, or hashes that are looked for. */
  @Column('text')
  readonly purpose!: 'seal' | 'digest';

  @Column('text', { name: 'wrapping_key' })
  readonly wrappingKey!: string;

  @Column('bytea')
  readonly wrapped!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  /** It seals from this time on, unless there is a younger one; by then every process has to hold it. */
  @Column('timestamptz', { name: 'seals_from' })
  readonly sealsFrom!: Date;

  /** What it seals is packed with these words, as a dictionary of raw deflate; null: it is not packed. */
  @Column('bytea', { nullable: true })
  readonly words!: Buffer | null;
}

/** One row: since when values are sealed (empty while a version that cannot open them may be running), and how new keys do. */
@Entity('data_sealing')
@Check('data_sealing_single_ck', `sealing_id = 1`)
class DataSealingEntity {
  @PrimaryColumn('smallint', { name: 'sealing_id', primaryKeyConstraintName: 'data_sealing_pk' })
  readonly sealingId!: number;

  @Column('timestamptz', { name: 'sealed_from', nullable: true })
  readonly sealedFrom!: Date | null;

  /** Those of the next key. */
  @Column('bytea', { nullable: true })
  readonly words!: Buffer | null;
}

export const DATA_KEY_ENTITIES = [DataKeyEntity, DataSealingEntity];
