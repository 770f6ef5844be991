import { IsOptional, IsString, IsUrl, Matches } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

/** Without a keeper of wrapping keys values are written as they are, and a database that holds sealed ones is refused. */
export class SealingSettings {
  @FromEnv('DATA_KEYS_FILE', {
    kind: 'text',
    about:
      'File with one wrapping key a line, `name base64-of-32-bytes`, the same in every process: the first one wraps the data keys that personal data is encrypted with, the others only unwrap. Beside `DATA_KEYS_TRANSIT_URL` all of them only unwrap.',
    example: '/run/secrets/data-keys',
  })
  @IsOptional()
  @IsString()
  readonly dataKeysFile?: string;

  @FromEnv('DATA_KEYS_TRANSIT_URL', {
    kind: 'text',
    about:
      'A transit engine of Vault or OpenBao with its mount: it wraps the data keys instead of a file, and is asked when a process starts and when a data key was made. A key of AES-GCM or ChaCha20-Poly1305.',
    example: 'https://vault.example:8200/v1/transit',
  })
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true })
  readonly transitUrl?: string;

  @FromEnv('DATA_KEYS_TRANSIT_KEY', {
    kind: 'text',
    default: 'mpp',
    about: 'The key there that wraps.',
  })
  @Matches(/^[\w.-]{1,64}$/, {
    message: 'must be a name of 1 to 64 letters, digits, dots, dashes and underscores',
  })
  readonly transitKey!: string;

  @FromEnv('DATA_KEYS_TRANSIT_TOKEN_FILE', {
    kind: 'text',
    about:
      'File with the token for it, which may encrypt and decrypt with that key; read again for each call.',
    example: '/run/secrets/transit-token',
  })
  @IsOptional()
  @IsString()
  readonly transitTokenFile?: string;
}
