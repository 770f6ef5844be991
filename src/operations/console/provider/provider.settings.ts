import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { FromEnv } from '../../../platform/config/from-env.js';
import { IsProxyUrl } from '../../../platform/outbound/proxy-url.js';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The settings of the sign-in by the company's identity provider. Without an issuer, people sign in by tokens only. */
export class ProviderSettings {
  @FromEnv('CONSOLE_OIDC_ISSUER', {
    kind: 'text',
    about:
      'Issuer of the identity provider that people sign in to the console with (OpenID Connect), as its discovery document names it. Absent: by tokens only.',
    example: 'https://id.example.com/realms/staff',
  })
  @ValidateIf(({ issuer, clientId }: ProviderSettings) => issuer !== undefined || clientId !== undefined)
  @IsNotEmpty({ message: 'is needed when CONSOLE_OIDC_CLIENT_ID is set' })
  @ValidateBy({
    name: 'issuer',
    validator: {
      validate: isIssuer,
      defaultMessage: () =>
        'must be an https URL without query and without /.well-known (plain http is taken for loopback only)',
    },
  })
  readonly issuer?: string;

  @FromEnv('CONSOLE_OIDC_CLIENT_ID', {
    kind: 'text',
    about: 'What the identity provider calls the console; needed with CONSOLE_OIDC_ISSUER.',
    example: 'payments-console',
  })
  @ValidateIf(isOn)
  @IsString()
  @IsNotEmpty({ message: 'is needed when CONSOLE_OIDC_ISSUER is set' })
  readonly clientId?: string;

  @FromEnv('CONSOLE_OIDC_CLIENT_SECRET_FILE', {
    kind: 'text',
    about:
      'File with the secret that the provider knows the console by. Read again at each sign-in. Absent: a public client, which proves itself by PKCE alone.',
    example: '/run/secrets/console-oidc',
  })
  @IsOptional()
  @IsString()
  readonly clientSecretFile?: string;

  @FromEnv('CONSOLE_PUBLIC_URL', {
    kind: 'text',
    about:
      'Where browsers reach this service, without a path: PUBLIC_PATH_PREFIX is added. The provider sends people back there; needed with CONSOLE_OIDC_ISSUER.',
    example: 'https://payments.example.com',
  })
  @ValidateIf((settings: ProviderSettings) => isOn(settings) || settings.publicUrl !== undefined)
  @IsNotEmpty({ message: 'is needed when CONSOLE_OIDC_ISSUER is set' })
  @ValidateBy({
    name: 'origin',
    validator: {
      validate: isOrigin,
      defaultMessage: () => 'must be https://host without a path (plain http is taken for loopback only)',
    },
  })
  readonly publicUrl?: string;

  @FromEnv('CONSOLE_OIDC_SCOPES', {
    kind: 'list',
    default: 'openid,profile',
    about: 'The scopes to ask the provider for; `openid` must be among them.',
  })
  @ArrayMaxSize(20)
  @ValidateBy({
    name: 'openid',
    validator: {
      validate: (value) => Array.isArray(value) && value.includes('openid'),
      defaultMessage: () => 'must list openid',
    },
  })
  readonly scopes!: readonly string[];

  @FromEnv('CONSOLE_OIDC_PERSON_CLAIM', {
    kind: 'text',
    default: 'sub',
    about:
      'The claim that names the person, as it is written beside what they do. It must be one that people cannot choose or change themselves.',
  })
  @IsNotEmpty()
  readonly personClaim!: string;

  @FromEnv('CONSOLE_OIDC_GROUPS_CLAIM', {
    kind: 'text',
    default: 'groups',
    about: 'The claim that lists the groups or roles of the person; a name, or a path with dots.',
  })
  @IsNotEmpty()
  readonly groupsClaim!: string;

  @FromEnv('CONSOLE_OIDC_OPERATE_GROUPS', {
    kind: 'list',
    about: 'Groups whose members may read and act (payments:operate).',
    example: 'payments-operators',
  })
  @ValidateIf(isOn)
  @ValidateBy({
    name: 'someGroup',
    validator: {
      validate: (_value, args) => letsSomebodyIn(args?.object ?? {}),
      defaultMessage: () =>
        'is missing, and so are CONSOLE_OIDC_APPROVE_GROUPS and CONSOLE_OIDC_WATCH_GROUPS; without one of them nobody can sign in',
    },
  })
  readonly operateGroups?: readonly string[];

  @FromEnv('CONSOLE_OIDC_APPROVE_GROUPS', {
    kind: 'list',
    about: 'Groups whose members may approve what others proposed (payments:approve).',
    example: 'payments-approvers',
  })
  @IsOptional()
  @ArrayMinSize(1)
  readonly approveGroups?: readonly string[];

  @FromEnv('CONSOLE_OIDC_WATCH_GROUPS', {
    kind: 'list',
    about: 'Groups whose members may only look, and stay signed in: for a screen on a wall (payments:watch).',
    example: 'payments-readers',
  })
  @IsOptional()
  @ArrayMinSize(1)
  readonly watchGroups?: readonly string[];

  @FromEnv('CONSOLE_OIDC_RAW_GROUPS', {
    kind: 'list',
    about: 'Groups whose members see messages as they were sent, beside what else they may (payments:raw).',
    example: 'payments-auditors',
  })
  @IsOptional()
  @ArrayMinSize(1)
  readonly rawGroups?: readonly string[];

  @FromEnv('CONSOLE_OIDC_AUDIENCES', {
    kind: 'list',
    about: 'Audiences that an ID token may name besides CONSOLE_OIDC_CLIENT_ID. Absent: none.',
    example: 'staff-portal',
  })
  @IsOptional()
  @ArrayMaxSize(20)
  readonly otherAudiences?: readonly string[];

  @FromEnv('CONSOLE_OIDC_WATCH_DAYS', {
    kind: 'integer',
    default: '30',
    about:
      'After how many days somebody who only looks has to sign in again. Who may act has to after a shift.',
  })
  @IsInt()
  @Min(1)
  @Max(365)
  readonly watchDays!: number;

  @FromEnv('CONSOLE_OIDC_LABEL', {
    kind: 'text',
    default: 'your company account',
    about: 'What the sign-in page calls it, behind the words “Sign in with”.',
  })
  @IsNotEmpty()
  @MaxLength(60)
  readonly label!: string;

  @FromEnv('CONSOLE_OIDC_PROXY_URL', {
    kind: 'text',
    about:
      'HTTP proxy by which the provider is called (CONNECT), with user and password. Absent: none; HTTP_PROXY is passed over.',
    example: 'http://user:password@proxy.internal:3128',
  })
  @IsOptional()
  @IsProxyUrl()
  readonly proxyUrl?: string;

  @FromEnv('CONSOLE_OIDC_CA_FILE', {
    kind: 'text',
    about: 'PEM file with the certificates that verify the provider. Absent: those that Node.js trusts.',
    example: '/run/secrets/staff-ca.pem',
  })
  @IsOptional()
  @IsString()
  readonly caFile?: string;
}

function isOn({ issuer }: ProviderSettings): boolean {
  return issuer !== undefined;
}

function letsSomebodyIn(settings: object): boolean {
  return ['operateGroups', 'approveGroups', 'watchGroups'].some((name) => {
    const groups: unknown = Reflect.get(settings, name);
    return Array.isArray(groups) && groups.length > 0;
  });
}

/** Whether nobody on the way could change the answers: https, or plain http on this machine itself. */
export function isSecured({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname));
}

function isIssuer(value: unknown): boolean {
  const url = plainUrl(value);
  return url !== undefined && isSecured(url) && !url.pathname.includes('/.well-known');
}

function isOrigin(value: unknown): boolean {
  const url = plainUrl(value);
  return url !== undefined && isSecured(url) && url.pathname === '/';
}

function plainUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.username + url.password + url.search + url.hash === '' ? url : undefined;
}
