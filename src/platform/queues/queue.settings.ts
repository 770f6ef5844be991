import {
  IsBoolean,
  IsOptional,
  IsString,
  Matches,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';
import { addressFault } from '../config/address.js';
import { FromEnv } from '../config/from-env.js';

/** What comes before the hosts of an address, and the hosts. */
const HOSTS = /^(\w*:\/\/(?:[^/?@]*@)?)([^/?@]*)/;

/** What is wrong with the address; only a cluster is reached by more than one host. */
function redisFault(address: string, isCluster: boolean): string | undefined {
  const [, before = '', hosts = ''] = HOSTS.exec(address) ?? [];
  const alone = isCluster ? hosts.split(',') : [hosts];
  for (const host of alone) {
    const single = address.replace(`${before}${hosts}`, () => `${before}${host}`);
    if (isCluster && host === '') return 'has an empty name among its hosts';
    const fault = addressFault(single, ['redis', 'rediss']);
    if (fault !== undefined) return hosts.includes(',') ? `${fault}, or with REDIS_CLUSTER=true all` : fault;
  }
  if (isCluster && /^\w*:\/\/[^/?]*\/0*[1-9]/.test(address))
    return 'must not name a database; a cluster has only 0';
  return parameterFault(new URLSearchParams(address.split('?')[1]));
}

/** The driver would take any parameter for an option of its own, which wins over ours. */
function parameterFault(parameters: URLSearchParams): string | undefined {
  const other = [...parameters.keys()].find((name) => name !== 'family');
  if (other !== undefined)
    return `has a parameter ${other}, which is not taken from an address; leave it out`;
  const families = parameters.getAll('family');
  return families.every((family) => /^[046]$/.test(family)) && families.length < 2
    ? undefined
    : 'must have one of family=4, 6 or 0 for both';
}

const settingsOf = (args: ValidationArguments | undefined): Partial<QueueSettings> => args?.object ?? {};
const faultOf = (args?: ValidationArguments): string | undefined =>
  redisFault(String(args?.value), settingsOf(args).isCluster === true);

/** With Redis only: what this setting adds to would not be there. */
function NeedsRedisUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'needsRedisUrl',
    validator: {
      validate: (_value, args) => settingsOf(args).redisUrl !== undefined,
      defaultMessage: () => 'is of use with REDIS_URL only, which is missing',
    },
  });
}

const HOST_AND_PORT = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

export class QueueSettings {
  /** Absent: the queues live in PostgreSQL beside the records. */
  @FromEnv('REDIS_URL', {
    kind: 'text',
    about:
      'Redis for the queues (AOF on, noeviction), with user and password; rediss:// for TLS. Absent: the queues live in PostgreSQL.',
    example: 'rediss://mpp:secret@redis.internal:6379/0',
  })
  @IsOptional()
  @ValidateBy({
    name: 'redisAddress',
    validator: {
      validate: (_value, args) => faultOf(args) === undefined,
      defaultMessage: (args) => faultOf(args) ?? '',
    },
  })
  @Matches(/^\w*:\/\/[^/?]*(\/\d{0,5})?(\?.*)?$/, {
    message: 'must end with host and port, or with /0 for the number of the database',
  })
  readonly redisUrl?: string;

  @FromEnv('REDIS_CLUSTER', {
    kind: 'flag',
    default: 'false',
    about: 'REDIS_URL names a Redis Cluster: one node of it, or several with commas between.',
  })
  @IsBoolean({ message: 'must be true or false' })
  @ValidateBy({
    name: 'clusterOrSentinels',
    validator: {
      validate: (isCluster, args) => isCluster !== true || settingsOf(args).sentinels === undefined,
      defaultMessage: () => 'must not be true with REDIS_SENTINELS; a cluster has no sentinels',
    },
  })
  readonly isCluster!: boolean;

  @FromEnv('REDIS_SENTINELS', {
    kind: 'list',
    about:
      'Sentinels that know the primary; the host in REDIS_URL is then the name of the group (redis://user:password@mymaster/0).',
    example: 'sentinel-1:26379,sentinel-2:26379,sentinel-3:26379',
  })
  @IsOptional()
  @Matches(HOST_AND_PORT, { each: true, message: 'must be a list of host:port' })
  @NeedsRedisUrl()
  readonly sentinels?: string[];

  @FromEnv('REDIS_SENTINEL_USERNAME', {
    kind: 'text',
    about: 'User at the sentinels, which have users of their own. Absent: the default user.',
  })
  @IsOptional()
  @IsString()
  readonly sentinelUsername?: string;

  @FromEnv('REDIS_SENTINEL_PASSWORD_FILE', {
    kind: 'text',
    about: 'File with the password at the sentinels. Absent: they ask for none.',
    example: '/run/secrets/redis-sentinel',
  })
  @IsOptional()
  @IsString({ message: 'must be the path of a file' })
  readonly sentinelPasswordFile?: string;

  @FromEnv('REDIS_CA_FILE', {
    kind: 'text',
    about:
      'PEM file with the certificates that verify Redis and its sentinels. Absent: those that Node.js trusts.',
    example: '/run/secrets/redis-ca.pem',
  })
  @IsOptional()
  @IsString({ message: 'must be the path of a file' })
  @ValidateBy({
    name: 'caForTls',
    validator: {
      validate: (_value, args) => settingsOf(args).redisUrl?.startsWith('rediss:') === true,
      defaultMessage: () => 'is of use for TLS only; REDIS_URL must begin with rediss://',
    },
  })
  readonly caFile?: string;

  @FromEnv('QUEUE_PREFIX', {
    kind: 'text',
    default: 'bullmq',
    about:
      'Key prefix in Redis, or schema in PostgreSQL, that holds the queues. In braces all queues of a cluster are on one of its nodes.',
  })
  @Matches(/^([a-z_][a-z0-9_]{0,40}|\{[a-z_][a-z0-9_]{0,40}\})$/, {
    message: 'must be lower-case letters, digits and underscores, for Redis also in braces',
  })
  @ValidateBy({
    name: 'bracesForRedis',
    validator: {
      validate: (prefix, args) => !String(prefix).startsWith('{') || settingsOf(args).redisUrl !== undefined,
      defaultMessage: () => 'must not have braces without REDIS_URL; it names a schema of PostgreSQL then',
    },
  })
  readonly prefix!: string;

  /** What the prefix is called as a schema. */
  get schema(): string {
    return this.prefix.replace(/[{}]/g, '');
  }
}
