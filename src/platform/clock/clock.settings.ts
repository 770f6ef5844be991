import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

export class ClockSettings {
  @FromEnv('CLOCK_LIMIT_MS', {
    kind: 'integer',
    default: '60000',
    about:
      'From which difference on, to every clock it is compared with, a process takes no new work, in ms: readiness 503, 503 to whatever begins something, no jobs. From 2 s on it alarms.',
  })
  @IsInt()
  @Min(2_000)
  @Max(86_400_000)
  readonly limitMs!: number;
}
