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

/** What is wrong with the parameters of an address, in words that follow the name of its setting. */
export function parameterFault(address: string): string | undefined {
  const parameters = new URLSearchParams(splitOnce(address, '?')[1]);
  const wanted = parameters.get(WANTED);
  if (wanted !== null && !WRITABLE.has(wanted))
    return `has ${WANTED}=${wanted}; only a server that takes writes will do (${WANTED}=read-write)`;
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `must have one of sslmode=${SSL_MODES.join(', ')}`;
  for (const name of parameters.keys()) {
    const nearest = GUARDED.find((known) => known !== name && distance(known, name.toLowerCase()) <= 2);
    if (nearest !== undefined && !GUARDED.includes(name))
      return `has a parameter ${name}, which nobody reads; ${nearest} is meant`;
  }
  return undefined;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
