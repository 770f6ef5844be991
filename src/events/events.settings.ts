import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';
import { IsSchedule } from '../platform/delivery/delivery-pace.js';

export class EventsSettings {
  @FromEnv('EVENTS_ENDPOINTS_FILE', {
    kind: 'text',
    about:
      "JSON list of the endpoints of the wallet's back end that are sent every change (docs/events.md). Read again when it changes. Absent: nothing is sent or written.",
    example: '/run/secrets/event-endpoints.json',
  })
  @IsOptional()
  @IsString({ message: 'must be the path of a file' })
  readonly endpointsFile?: string;

  @FromEnv('EVENTS_SCHEDULE_MS', {
    kind: 'list',
    default: '5000,30000,120000,300000,900000,1800000,3600000',
    about: 'Waits before the second and later attempts of an event, in ms; the last one repeats.',
  })
  @IsSchedule()
  readonly scheduleMs!: string[];

  @FromEnv('EVENTS_GIVE_UP_HOURS', {
    kind: 'integer',
    default: '72',
    about:
      'How long an event is tried, in hours; then it is parked with an alarm, and an operator can resend it.',
  })
  @IsInt()
  @Min(1)
  @Max(720)
  readonly giveUpHours!: number;

  @FromEnv('EVENTS_TIMEOUT_MS', {
    kind: 'integer',
    default: '10000',
    about: 'How long an endpoint may take to answer, in ms.',
  })
  @IsInt()
  @Min(100)
  @Max(30_000)
  readonly timeoutMs!: number;

  @FromEnv('EVENTS_CONCURRENCY', {
    kind: 'integer',
    default: '16',
    about:
      'Events one worker process sends at the same time; at most three quarters of them to one endpoint.',
  })
  @IsInt()
  @Min(1)
  @Max(256)
  readonly concurrency!: number;

  @FromEnv('EVENTS_RETENTION_DAYS', {
    kind: 'integer',
    default: '30',
    about: 'How long events are kept after the change they tell of, in days, and until then can be resent.',
  })
  @IsInt()
  @Min(1)
  @Max(3_650)
  readonly retentionDays!: number;
}
