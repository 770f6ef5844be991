import { IsOptional, Matches } from 'class-validator';
import { IsAddress } from '../config/address.js';
import { FromEnv } from '../config/from-env.js';

export class QueueSettings {
  /** Absent: the queues live in PostgreSQL beside the records. */
  @FromEnv('REDIS_URL', {
    kind: 'text',
    about: 'Redis for the queues (AOF on, noeviction). Absent: the queues live in PostgreSQL.',
    example: 'redis://redis.internal:6379/0',
  })
  @IsOptional()
  @IsAddress('redis', 'rediss')
  @Matches(/^\w*:\/\/[^/?]*(\/\d{0,5})?(\?.*)?$/, {
    message: 'must end with host and port, or with /0 for the number of the database',
  })
  readonly redisUrl?: string;

  @FromEnv('QUEUE_PREFIX', {
    kind: 'text',
    default: 'bullmq',
    about: 'Key prefix in Redis, or schema in PostgreSQL, that holds the queues.',
  })
  @Matches(/^[a-z_][a-z0-9_]{0,40}$/, { message: 'must be lower-case letters, digits and underscores' })
  readonly prefix!: string;
}
