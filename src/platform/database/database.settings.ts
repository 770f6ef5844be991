import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsAddress } from '../config/address.js';
import { FromEnv } from '../config/from-env.js';

export class DatabaseSettings {
  /** Absent: an embedded server of our own. */
  @FromEnv('DATABASE_URL', {
    kind: 'text',
    about:
      'PostgreSQL 15 or newer. Absent: a real PostgreSQL is started from node_modules, data in DATA_DIR.',
    example: 'postgres://mpp:secret@db.internal:5432/mpp',
  })
  @IsOptional()
  @IsAddress('postgres', 'postgresql')
  readonly url?: string;

  @FromEnv('DATABASE_POOL_SIZE', {
    kind: 'integer',
    default: '20',
    about: 'Connections of one process to PostgreSQL, queues not counted.',
  })
  @IsInt()
  @Min(2)
  @Max(500)
  readonly poolSize!: number;

  @FromEnv('DATABASE_READING_POOL_SIZE', {
    kind: 'integer',
    default: '4',
    about: 'Connections of one process for searches and exports of operators, beside the others.',
  })
  @IsInt()
  @Min(2)
  @Max(50)
  readonly readingPoolSize!: number;
}
