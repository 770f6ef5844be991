import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';
import { IsSchedule } from '../platform/delivery/delivery-pace.js';

export class NotifySettings {
  @FromEnv('NOTIFY_SCHEDULE_MS', {
    kind: 'list',
    default: '2000,5000,15000,30000,60000,120000,300000,600000',
    about: 'Waits before the second and later attempts of a notification, in ms; the last one repeats.',
  })
  @IsSchedule()
  readonly scheduleMs!: string[];

  @FromEnv('NOTIFY_CONCURRENCY', {
    kind: 'integer',
    default: '32',
    about: 'Notifications one worker process sends at the same time.',
  })
  @IsInt()
  @Min(1)
  @Max(256)
  readonly concurrency!: number;

  @FromEnv('NOTIFY_JITTER_PERCENT', {
    kind: 'integer',
    default: '20',
    about: 'How far each wait of NOTIFY_SCHEDULE_MS is spread either way, in percent.',
  })
  @IsInt()
  @Min(0)
  @Max(50)
  readonly jitterPercent!: number;

  @FromEnv('NOTIFY_HOST_CONCURRENCY', {
    kind: 'integer',
    default: '24',
    about:
      'The most notifications one worker process sends to one host at the same time; one of NOTIFY_CONCURRENCY is always left for other hosts.',
  })
  @IsInt()
  @Min(1)
  @Max(256)
  readonly hostConcurrency!: number;

  @FromEnv('NOTIFY_BREAKER_WINDOW', {
    kind: 'integer',
    default: '20',
    about: 'How many of the last calls to a host decide whether it is paused.',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly breakerWindow!: number;

  @FromEnv('NOTIFY_BREAKER_FAILURES', {
    kind: 'integer',
    default: '10',
    about:
      'Failed calls among NOTIFY_BREAKER_WINDOW after which a host is paused for NOTIFY_BREAKER_OPEN_MS.',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly breakerFailures!: number;

  @FromEnv('NOTIFY_BREAKER_OPEN_MS', {
    kind: 'integer',
    default: '15000',
    about: 'How long a host is paused before one notification tests it, in ms.',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  readonly breakerOpenMs!: number;
}
