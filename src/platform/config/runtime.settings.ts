import { IsBoolean, IsIn, IsNotEmpty } from 'class-validator';
import { FromEnv } from './from-env.js';
import type { Environment } from './load-settings.js';

export type Role = 'all' | 'api' | 'worker';

/** What this process is. */
export class RuntimeSettings {
  @FromEnv('ROLE', {
    kind: 'text',
    default: 'all',
    about: 'What this process does: `api` answers requests, `worker` does background work, `all` does both.',
  })
  @IsIn(['all', 'api', 'worker'], { message: 'must be all, api or worker' })
  readonly role!: Role;

  @FromEnv('NODE_ENV', {
    kind: 'text',
    default: 'development',
    about:
      'With `production` nothing embedded is started; a start without a required setting fails and names it.',
  })
  @IsIn(['development', 'test', 'production'], { message: 'must be development, test or production' })
  readonly nodeEnv!: 'development' | 'test' | 'production';

  @FromEnv('ALLOW_EMBEDDED', {
    kind: 'flag',
    default: 'false',
    about: 'Lets embedded parts start although NODE_ENV is `production`.',
  })
  @IsBoolean({ message: 'must be true or false' })
  readonly allowEmbedded!: boolean;

  @FromEnv('DATA_DIR', {
    kind: 'text',
    default: '.data',
    about: 'Where embedded parts keep their data, keys and tokens.',
  })
  @IsNotEmpty()
  readonly dataDir!: string;

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }
}

/** In production nothing embedded is used, unless that is allowed by name. */
export function forbidsEmbedded({ NODE_ENV, ALLOW_EMBEDDED }: Environment): boolean {
  return NODE_ENV === 'production' && ALLOW_EMBEDDED !== 'true';
}
