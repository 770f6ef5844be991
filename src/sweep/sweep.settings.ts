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
}
