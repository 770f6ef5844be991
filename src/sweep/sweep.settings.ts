import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';

export class SweepSettings {
  @FromEnv('SWEEP_INTERVAL_MS', {
    kind: 'integer',
    default: '1000',
    about: 'How often a worker looks for rows that are due and have no job, in ms.',
  })
  @IsInt()
  @Min(50)
  @Max(60_000)
  readonly intervalMs!: number;

  @FromEnv('SWEEP_GRACE_MS', {
    kind: 'integer',
    default: '2000',
    about: 'How long past due a row is left to its own job before the sweeper takes it for late, in ms.',
  })
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly graceMs!: number;

  @FromEnv('EVIDENCE_RETENTION_DAYS', {
    kind: 'integer',
    default: '400',
    about:
      'How long what was asked and answered on the wire is kept once a payment is at rest, in days. Orders, their history, debits and results stay.',
  })
  @IsInt()
  @Min(2)
  @Max(36_500)
  readonly evidenceRetentionDays!: number;

  @FromEnv('FAILED_JOB_RETENTION_HOURS', {
    kind: 'integer',
    default: '24',
    about:
      'How long a job that failed stays in its queue for a look at what went wrong, in hours; of each queue the last 1,000.',
  })
  @IsInt()
  @Min(1)
  @Max(8_760)
  readonly failedJobRetentionHours!: number;
}
