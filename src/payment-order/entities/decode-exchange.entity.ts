import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ScanEntity } from './scan.entity.js';

/** Evidence of one call about a scan. */
@Entity('decode_exchange')
@Check('decode_exchange_outcome_ck', `outcome in ('accepted', 'rejected', 'unknown')`)
@Index('decode_exchange_finished_ix', ['finishedAt'])
@Index('decode_exchange_scan_ix', ['scanId', 'exchangeId'])
@ForeignKey(() => ScanEntity, ['scanId'], ['scanId'], { name: 'decode_exchange_scan_fk' })
export class DecodeExchangeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    name: 'exchange_id',
    primaryKeyConstraintName: 'decode_exchange_pk',
  })
  readonly exchangeId!: string;

  @Column('uuid', { name: 'scan_id' })
  readonly scanId!: string;

  @Column('integer')
  readonly attempt!: number;

  @Column('timestamptz', { name: 'finished_at' })
  readonly finishedAt!: Date;

  @Column('integer', { name: 'duration_ms' })
  readonly durationMs!: number;

  @Column('text')
  readonly outcome!: string;

  @Column('text', { nullable: true })
  readonly reason!: string | null;

  @Column('text', { name: 'result_code', nullable: true })
  readonly resultCode!: string | null;

  @Column('integer', { name: 'http_status', nullable: true })
  readonly httpStatus!: number | null;

  @Column('text', { name: 'request_time' })
  readonly requestTime!: string;

  @Column('text', { name: 'key_version' })
  readonly keyVersion!: string;

  @Column('bytea', { nullable: true })
  readonly answer!: Buffer | null;
}
