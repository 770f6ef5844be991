import { IsIn } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export class LoggingSettings {
  @FromEnv('LOG_LEVEL', {
    kind: 'text',
    default: 'info',
    about:
      'Least severe events that are written: debug, info, warn, error or silent. Looks at messages and exports are written at every level.',
  })
  @IsIn(LOG_LEVELS)
  readonly level!: LogLevelName;

  @FromEnv('LOG_FORMAT', {
    kind: 'text',
    default: 'json',
    about: 'One JSON object per line for machines, or one short text line for people: json or text.',
  })
  @IsIn(['json', 'text'])
  readonly format!: 'json' | 'text';
}
