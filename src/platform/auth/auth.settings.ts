import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { FromEnv } from '../config/from-env.js';
import { IsProxyUrl } from '../outbound/proxy-url.js';

/** The name of the setting. */
export const AUTH_CA_FILE = 'AUTH_CA_FILE';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Who may call: tokens listed in a file, tokens an identity provider signs, or both. */
export class AuthSettings {
  @FromEnv('API_KEYS_FILE', {
    kind: 'text',
    about:
      'JSON list of the accepted tokens: name, SHA-256 of the token, scopes, the customer it is bound to, expiresAt. Read again when it changes.',
    example: '/run/secrets/api-keys.json',
  })
  @IsOptional()
  @IsString()
  readonly apiKeysFile?: string;

  @FromEnv('API_KEYS_REFRESH_MS', {
    kind: 'integer',
    default: '1000',
    about: 'How often keys are read again, in ms; after so long one that was revoked opens nothing any more.',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly keysRefreshMs!: number;

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
    kind: 'list',
    about:
      'The audiences (aud) of which a JWT must be made for one; needed with AUTH_JWKS_URL. With AUTH_AUDIENCE_CLAIM=client_id the client ids of apps and services.',
    example: 'api.example.com',
  })
  @ValidateIf(trustsJwts)
  @ArrayMinSize(1, { message: 'is needed when AUTH_JWKS_URL is set' })
  @ArrayMaxSize(100)
  readonly audiences?: readonly string[];

  @FromEnv('AUTH_AUDIENCE_CLAIM', {
    kind: 'text',
    default: 'aud',
    about:
      'The claim of a JWT that must hold one of AUTH_AUDIENCE; `client_id` for access tokens of Cognito.',
  })
  @IsNotEmpty()
  readonly audienceClaim!: string;

  @FromEnv('AUTH_CUSTOMER_CLAIM', {
    kind: 'text',
    default: 'sub',
    about: 'The claim that names the customer a token of a person acts for; a token without it is refused.',
  })
  @IsNotEmpty()
  readonly customerClaim!: string;

  @FromEnv('AUTH_SCOPE_CLAIMS', {
    kind: 'list',
    default: 'scope,scp',
    about: 'The claims scopes are read from, all together; `roles` for app roles of Entra.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  readonly scopeClaims!: readonly string[];

  @FromEnv('AUTH_SCOPE_PREFIX', {
    kind: 'text',
    about: 'Taken off scopes that begin with it, as Cognito writes the name of the API before each.',
    example: 'mpp/',
  })
  @IsOptional()
  readonly scopePrefix?: string;

  @FromEnv('AUTH_SERVICE_CLIENTS', {
    kind: 'list',
    about:
      'Clients whose JWTs act for every customer, unless a claim tells of a person. Known without it: a subject that is the client id, or that with `@clients`.',
    example: 'app-backend',
  })
  @IsOptional()
  @ArrayMaxSize(100)
  readonly serviceClients?: readonly string[];

  @FromEnv('AUTH_SERVICE_CLAIM', {
    kind: 'text',
    about:
      'A claim and a value that only JWTs of services have, or have among others in a list; they act for every customer.',
    example: 'idtyp=app',
  })
  @IsOptional()
  @Matches(/^[^=]+=[^=]+$/, { message: 'must be claim=value' })
  readonly serviceClaim?: string;

  @FromEnv('AUTH_KEYS_STALE_HOURS', {
    kind: 'integer',
    default: '24',
    about: 'How long the keys read last go on working while the identity provider cannot be reached.',
  })
  @IsInt()
  @Min(0)
  @Max(720)
  readonly keysStaleHours!: number;

  @FromEnv('AUTH_PROXY_URL', {
    kind: 'text',
    about:
      'HTTP proxy by which AUTH_JWKS_URL is read (CONNECT), with user and password. Absent: none; HTTP_PROXY is passed over.',
    example: 'http://user:password@proxy.internal:3128',
  })
  @IsOptional()
  @IsProxyUrl()
  readonly proxyUrl?: string;

  @FromEnv(AUTH_CA_FILE, {
    kind: 'text',
    about:
      'PEM file with the certificates that verify the host of AUTH_JWKS_URL. Absent: those that Node.js trusts.',
    example: '/run/secrets/identity-ca.pem',
  })
  @IsOptional()
  @IsString()
  readonly caFile?: string;
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
