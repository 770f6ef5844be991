import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { addressFault } from '../config/address.js';
import { FromEnv } from '../config/from-env.js';
import { hostsOf, parameterFault } from './hosts.js';

/** Parameters that this service sets itself: in an address they would win, or be lost, without anyone noticing. */
const OWN_SETTINGS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'query_timeout',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
  'transform_null_equals',
  'default_transaction_isolation',
  'default_transaction_deferrable',
  'session_replication_role',
] as const;

/** By name, as a parameter of the address or within its `options`, where a dash will do for an underscore. */
function ownSettingIn(address: string): string | undefined {
  const parameters = new URLSearchParams(address.split('?')[1] ?? '');
  const named = new Set([...parameters.keys()].map((name) => name.toLowerCase()));
  const options = (parameters.get('options') ?? '').replaceAll('\\', '');
  return OWN_SETTINGS.find((name) => {
    const inOptions = name.replaceAll('_', '[-_]');
    return named.has(name) || new RegExp(`-(c\\s*|-)${inOptions}\\s*=`, 'i').test(options);
  });
}

function SetsNothingOfOurs(): PropertyDecorator {
  return ValidateBy({
    name: 'ownSettings',
    validator: {
      validate: (value) => ownSettingIn(String(value)) === undefined,
      defaultMessage: (args) =>
        `sets ${ownSettingIn(String(args?.value))}, which this service sets itself; leave it out`,
    },
  });
}

const SCHEMES = ['postgres', 'postgresql'];

function faultOf(address: string): string | undefined {
  const { urls } = hostsOf(address);
  const isEmptyHost = urls.length > 1 && urls.some((url) => /(\/\/|@)(:\d*)?([/?]|$)/.test(url));
  if (isEmptyHost) return 'names several hosts, and one of them is empty';
  return (
    urls.map((url) => addressFault(url, SCHEMES)).find((fault) => fault !== undefined) ??
    parameterFault(address)
  );
}

/** The address of a PostgreSQL, or of several of which one takes writes. */
function IsDatabase(): PropertyDecorator {
  return ValidateBy({
    name: 'database',
    validator: {
      validate: (value) => faultOf(String(value)) === undefined,
      defaultMessage: (args) => faultOf(String(args?.value)) ?? '',
    },
  });
}

function oneServerFault(address: string): string | undefined {
  const fault = addressFault(address, SCHEMES);
  if (fault !== undefined) return fault;
  if (hostsOf(address).isChoice)
    return 'has target_session_attrs, but is one server, a replica or the primary; leave it out';
  return parameterFault(address);
}

/** A replica is one server; of several hosts the one that takes writes would be found. */
function IsOneServer(): PropertyDecorator {
  return ValidateBy({
    name: 'server',
    validator: {
      validate: (value) => oneServerFault(String(value)) === undefined,
      defaultMessage: (args) => oneServerFault(String(args?.value)) ?? '',
    },
  });
}

export class DatabaseSettings {
  /** Absent: an embedded server of our own. */
  @FromEnv('DATABASE_URL', {
    kind: 'text',
    about:
      'PostgreSQL 15 or newer. With several hosts (db-1:5432,db-2:5432) it is the one that takes writes, also after a failover. Absent: a real PostgreSQL is started from node_modules, data in DATA_DIR.',
    example: 'postgres://mpp:secret@db.internal:5432/mpp',
  })
  @IsOptional()
  @IsDatabase()
  @SetsNothingOfOurs()
  readonly url?: string;

  /** Absent: `url`. */
  @FromEnv('DATABASE_DIRECT_URL', {
    kind: 'text',
    about:
      'The same database without a pooler in transaction mode: for queues in PostgreSQL, and to migrate. Absent: DATABASE_URL.',
    example: 'postgres://mpp:secret@primary.internal:5432/mpp',
  })
  @IsOptional()
  @IsDatabase()
  @SetsNothingOfOurs()
  readonly directUrl?: string;

  /** Absent: `url`. */
  @FromEnv('DATABASE_READING_URL', {
    kind: 'text',
    about:
      'A replica of the database, for searches, exports and the summary of operators only; everything else reads the primary. Absent: DATABASE_URL.',
    example: 'postgres://mpp_read:secret@replica.internal:5432/mpp',
  })
  @IsOptional()
  @IsOneServer()
  @SetsNothingOfOurs()
  readonly readingUrl?: string;

  @FromEnv('DATABASE_POOL_SIZE', {
    kind: 'integer',
    default: '20',
    about: 'Connections of one process to PostgreSQL, queues not counted.',
  })
  @IsInt()
  @Min(2)
  @Max(500)
  readonly poolSize!: number;

  @FromEnv('DATABASE_READING_POOL_SIZE', {
    kind: 'integer',
    default: '4',
    about: 'Connections of one process for searches and exports of operators, beside the others.',
  })
  @IsInt()
  @Min(2)
  @Max(50)
  readonly readingPoolSize!: number;
}
