import { IsNotEmpty, IsOptional, IsString, ValidateBy, ValidateIf } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Who may call: tokens listed in a file, tokens an identity provider signs, or both. */
export class AuthSettings {
  @FromEnv('API_KEYS_FILE', {
    kind: 'text',
    about:
      'JSON list of the accepted tokens: name, SHA-256 of the token, scopes, and the customer it is bound to.',
    example: '/run/secrets/api-keys.json',
  })
  @IsOptional()
  @IsString()
  readonly apiKeysFile?: string;

  @FromEnv('AUTH_JWKS_URL', {
    kind: 'text',
    about:
      'Where the identity provider publishes its keys; JWTs it signed are then accepted as bearer tokens.',
    example: 'https://id.example.com/.well-known/jwks.json',
  })
  @IsOptional()
  @ValidateBy({
    name: 'jwksUrl',
    validator: {
      validate: isTrustworthyUrl,
      defaultMessage: () => 'must be an https URL (plain http is taken for loopback only)',
    },
  })
  readonly jwksUrl?: string;

  @FromEnv('AUTH_ISSUER', {
    kind: 'text',
    about: 'The issuer (iss) a JWT must name; needed with AUTH_JWKS_URL.',
    example: 'https://id.example.com/',
  })
  @ValidateIf(trustsJwts)
  @IsString()
  @IsNotEmpty({ message: 'is needed when AUTH_JWKS_URL is set' })
  readonly issuer?: string;

  @FromEnv('AUTH_AUDIENCE', {
    kind: 'text',
    about: 'The audience (aud) a JWT must be made for; needed with AUTH_JWKS_URL.',
    example: 'api.example.com',
  })
  @ValidateIf(trustsJwts)
  @IsString()
  @IsNotEmpty({ message: 'is needed when AUTH_JWKS_URL is set' })
  readonly audience?: string;
}

/** A key set fetched over plain http could be anybody's; only this machine itself is spared. */
function isTrustworthyUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname));
}

function trustsJwts(settings: AuthSettings): boolean {
  return settings.jwksUrl !== undefined;
}
