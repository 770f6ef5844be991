import { IsBoolean, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { FromEnv } from '../../platform/config/from-env.js';

export class ConsoleSettings {
  @FromEnv('CONSOLE', {
    kind: 'flag',
    default: 'true',
    about: "Serves the operators' console at /console in every process that answers requests.",
  })
  @IsBoolean({ message: 'must be true or false' })
  readonly isServed!: boolean;

  /**
   * Absent: the process makes a secret of its own. Other processes cannot read its sessions, and a restart ends them.
   */
  @FromEnv('CONSOLE_SESSION_SECRET_FILE', {
    kind: 'text',
    about:
      'File with one secret a line, each of 32 characters or more, the same in every process: the first one encrypts console sessions, the others only decrypt.',
    example: '/run/secrets/console-session',
  })
  @IsOptional()
  @IsString()
  readonly sessionSecretFile?: string;

  @FromEnv('CONSOLE_IDLE_MINUTES', {
    kind: 'integer',
    default: '30',
    about: 'Minutes without activity after which an operator has to sign in again.',
  })
  @IsInt()
  @Min(1)
  @Max(720)
  readonly idleMinutes!: number;
}
