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
    about: 'How long a due row is left to its own job before the sweeper takes it, in ms.',
  })
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly graceMs!: number;

  @FromEnv('EVIDENCE_RETENTION_DAYS', {
    kind: 'integer',
    default: '400',
    about:
      'How long messages sent and received are kept after a payment is finished, in days. Orders, their history, debits and results stay.',
  })
  @IsInt()
  @Min(2)
  @Max(36_500)
  readonly evidenceRetentionDays!: number;

  @FromEnv('FAILED_JOB_RETENTION_HOURS', {
    kind: 'integer',
    default: '24',
    about:
      'How long a failed job stays in its queue for analysis, in hours; at most the last 1,000 of each queue.',
  })
  @IsInt()
  @Min(1)
  @Max(8_760)
  readonly failedJobRetentionHours!: number;
}
