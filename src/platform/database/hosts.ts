import { distance } from 'fastest-levenshtein';

/** The servers an address names, and what is wanted of them. */
export interface Hosts {
  /** One address for each host, in the order in which they were named. */
  readonly urls: readonly string[];
  /** The address means the one of them that takes writes at the moment. */
  readonly isChoice: boolean;
}

const WANTED = 'target_session_attrs';
/** What this service can work on; a standby, or any server at all, would fail at the first write. */
const WRITABLE = new Set(['read-write', 'primary']);

/**
 * Takes an address of several hosts apart, as libpq reads it; `pg` knows one host only.
 *
 * @example
 * hostsOf('postgres://mpp@db-1,db-2:5433/mpp').urls; // ['postgres://mpp@db-1/mpp', 'postgres://mpp@db-2:5433/mpp']
 */
export function hostsOf(address: string): Hosts {
  const [, scheme = '', authority = '', rest = ''] = /^([^:]+:\/\/)([^/?]*)(.*)$/.exec(address) ?? [];
  const [path, query] = splitOnce(rest, '?');
  const parameters = new URLSearchParams(query);
  const isWanted = parameters.has(WANTED);
  parameters.delete(WANTED);
  const tail = isWanted ? `${path}${parameters.size === 0 ? '' : `?${parameters.toString()}`}` : rest;
  const at = authority.lastIndexOf('@') + 1;
  const names = authority.slice(at).split(',');
  return {
    urls: names.map((name) => `${scheme}${authority.slice(0, at)}${name}${tail}`),
    isChoice: names.length > 1 || isWanted,
  };
}

/** Those of libpq that `pg` knows; it ignores any other silently. */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
/** Parameters whose loss nobody would notice: a connection without TLS, or to another server, works as well. */
const GUARDED = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat', WANTED];

/**
 * Those of libpq that `pg` does not read, although the connection would be to something else, by another user, or with less
 * security than was asked for.
 */
const UNREAD = new Set([
  'dbname',
  'hostaddr',
  'passfile',
  'service',
  'servicefile',
  'replication',
  'requirepeer',
  'require_auth',
  'sslcertmode',
  'sslcrl',
  'sslcrldir',
  'sslpassword',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
]);
/** What other drivers call the schema in which names are looked for; without it tables would be made in another one. */
const SCHEMA = new Set(['schema', 'currentschema', 'search_path']);
/** Any other text is TLS for `pg`, even `false`. */
const SSL_FLAGS = new Set(['0', '1', 'true']);

/** What is wrong with the parameters of an address, in words that follow the name of its setting. */
export function parameterFault(address: string): string | undefined {
  const parameters = new URLSearchParams(splitOnce(address, '?')[1]);
  const wanted = parameters.get(WANTED);
  if (wanted !== null && !WRITABLE.has(wanted))
    return `has ${WANTED}=${wanted}; only a server that takes writes will do (${WANTED}=read-write)`;
  if (['host', 'port'].some((name) => parameters.get(name)?.includes(',') === true))
    return 'names several hosts in host=; name them before the slash (host-1:5432,host-2:5432)';
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `must have one of sslmode=${SSL_MODES.join(', ')}`;
  const flag = parameters.get('ssl');
  if (flag !== null && !SSL_FLAGS.has(flag)) return 'must have ssl=1 or ssl=0, or say it with sslmode';
  return [...parameters.keys()].map((name) => nameFault(name, parameters)).find((fault) => fault);
}

function nameFault(name: string, parameters: URLSearchParams): string | undefined {
  if (parameters.getAll(name).length > 1) return `has the parameter ${name} more than once`;
  if (UNREAD.has(name.toLowerCase())) return `has a parameter ${name}, which is not read here; leave it out`;
  if (SCHEMA.has(name.toLowerCase()) && parameters.get(name) !== 'public')
    return `has a parameter ${name}, which is not read here; write options=-csearch_path%3D<schema>, or set search_path of the role`;
  if (name === 'sslrootcert' && parameters.get(name) === 'system')
    return 'has sslrootcert=system, which is not known here; leave it out: sslmode=verify-full trusts the authorities that Node.js knows';
  if (GUARDED.includes(name)) return undefined;
  const nearest = GUARDED.find((known) => distance(known, name.toLowerCase()) <= 2);
  return nearest === undefined
    ? undefined
    : `has a parameter ${name}, which nobody reads; ${nearest} is meant`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
