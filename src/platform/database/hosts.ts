/** The servers an address names, and what is wanted of them. */
export interface Hosts {
  /** One address for each host, in the order in which they were named. */
  readonly urls: readonly string[];
  /** Of these the one that takes writes is meant, whichever that is at the moment. */
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

/** What is wrong with what an address wants of its hosts, in words that follow the name of its setting. */
export function wantedFault(address: string): string | undefined {
  const wanted = new URLSearchParams(splitOnce(address, '?')[1]).get(WANTED);
  if (wanted === null || WRITABLE.has(wanted)) return undefined;
  return `has ${WANTED}=${wanted}; only a server that takes writes will do (${WANTED}=read-write)`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
