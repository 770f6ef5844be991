import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../../platform/config/from-env.js';

export class ScansSettings {
  @FromEnv('SCANS_AT_ONCE', {
    kind: 'integer',
    default: '200',
    about:
      'Scans that one process works on at the same time; more get 503 at once, so that everything else goes on. 0 for no limit.',
  })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly scansAtOnce!: number;
}
