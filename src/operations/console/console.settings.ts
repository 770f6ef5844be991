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

  /** Absent: a secret of this process's own, which no other process can read and no restart survives. */
  @FromEnv('CONSOLE_SESSION_SECRET_FILE', {
    kind: 'text',
    about:
      'File of secrets, one a line and 32 characters or more, the same in every process: the first one encrypts the sessions of the console, the others are still read.',
    example: '/run/secrets/console-session',
  })
  @IsOptional()
  @IsString()
  readonly sessionSecretFile?: string;

  @FromEnv('CONSOLE_IDLE_MINUTES', {
    kind: 'integer',
    default: '30',
    about: 'How long an operator may do nothing in the console until they have to sign in again.',
  })
  @IsInt()
  @Min(1)
  @Max(720)
  readonly idleMinutes!: number;
}
