import { IsOptional, IsString } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

export class SealingSettings {
  /** Absent: values are written as they are, and a database that holds sealed ones is refused. */
  @FromEnv('DATA_KEYS_FILE', {
    kind: 'text',
    about:
      'File with one wrapping key a line, `name base64-of-32-bytes`, the same in every process: the first one wraps the data keys that personal data is encrypted with, the others only unwrap.',
    example: '/run/secrets/data-keys',
  })
  @IsOptional()
  @IsString()
  readonly dataKeysFile?: string;
}
