import { Column } from 'typeorm';

/** The columns that say what one call of ours to Alipay+ was and brought. */
export abstract class CallEvidence {
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
